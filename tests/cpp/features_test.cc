// Tries each feature of the folder SLUICE_FEATURE_SOURCES in a filter, or those of it that SLUICE_FEATURE_NAMES lists:
// with the modules in $SLUICE_FEATURES, one a feature, or with the module or native build $SLUICE_FILTER, which has all
// of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <ranges>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/host/host.h"

namespace {

using sluice::host::ErrorKind;
using sluice::host::Host;
using ::testing::HasSubstr;

struct Feature {
  std::string name;
  std::string expected;  // the result, or part of the last log line of a filter that stops
  bool ends;
  bool importsWasi;
};

void PrintTo(const Feature& feature, std::ostream* out) { *out << feature.name; }

Feature readFeature(const std::filesystem::path& file) {
  std::ifstream in(file);
  const std::regex begin(R"re((FEATURE|FEATURE_ENDS)\((\w+), "(.*)"\) \{.*)re");
  bool imports_wasi = false;
  for (std::string line; std::getline(in, line);) {
    if (line == "// imports WASI") imports_wasi = true;
    if (std::smatch parts; std::regex_match(line, parts, begin))
      return {parts[2], parts[3], parts[1] == "FEATURE_ENDS", imports_wasi};
  }
  throw std::runtime_error(file.string() + " has no FEATURE");
}

bool isListed(const std::string& name) {
#if defined(SLUICE_FEATURE_NAMES)
  return std::string(" " SLUICE_FEATURE_NAMES " ").find(" " + name + " ") != std::string::npos;
#else
  return !name.empty();
#endif
}

std::vector<Feature> readFeatures() {
  std::vector<Feature> features;
  for (const auto& entry : std::filesystem::directory_iterator(SLUICE_FEATURE_SOURCES)) {
    if (isListed(entry.path().stem())) features.push_back(readFeature(entry.path()));
  }
  std::ranges::sort(features, {}, &Feature::name);
  return features;
}

std::string modulePath(const Feature& feature) {
  if (const char* folder = std::getenv("SLUICE_FEATURES"))
    return std::string(folder) + "/cpp_" + feature.name + ".wasm";
  const char* filter = std::getenv("SLUICE_FILTER");
  return filter == nullptr ? "SLUICE_FILTER is not set" : filter;
}

/// Whether the features run in a native build, and not in modules.
bool isNative() {
  const char* filter = std::getenv("SLUICE_FILTER");
  return filter != nullptr && std::string_view(filter).ends_with(".so");
}

/// One of the lines that `expected` allows, with `|` in between: what a library says differs between the builds.
auto isOneOf(const std::string& expected) {
  std::vector<::testing::Matcher<std::string>> lines;
  for (const auto line : std::views::split(expected, '|'))
    lines.emplace_back(HasSubstr(std::string(line.begin(), line.end())));
  return ::testing::AnyOfArray(lines);
}

class Cpp : public ::testing::TestWithParam<Feature> {};

TEST_P(Cpp, WorksInAFilter) {
  // The address sanitizer ends the test before the library can say anything.
  if (isNative() && GetParam().name == "out_of_memory") GTEST_SKIP() << "a native filter has this machine's memory";
  Host host;
  host.setTime(1'700'000'000ULL * 1'000'000'000);
  const auto plugin =
      host.load(modulePath(GetParam()), {.configuration = GetParam().name, .environment = {{"STAGE", "production"}}});
  if (isNative() && !host.logs().empty() && host.logs().back().text.starts_with("there is no feature")) {
    GTEST_SKIP() << "this machine's standard library lacks it";
  }
  if (GetParam().ends) {
    ASSERT_TRUE(plugin->failure()) << "the filter went on";
    EXPECT_EQ(plugin->failure()->kind(), ErrorKind::Trap) << plugin->failure()->what();
    ASSERT_FALSE(host.logs().empty());
    EXPECT_THAT(host.logs().back().text, isOneOf(GetParam().expected));
  } else {
    ASSERT_TRUE(plugin->configured()) << (plugin->failure() ? plugin->failure()->what() : "refused");
    ASSERT_FALSE(host.logs().empty());
    EXPECT_EQ(host.logs().back().text, "result: " + GetParam().expected);
  }
}

TEST_P(Cpp, ImportsWasiOnlyWhereItSaysSo) {
  if (std::getenv("SLUICE_FEATURES") == nullptr) GTEST_SKIP() << "asked of modules with one feature each";
  std::ifstream in(modulePath(GetParam()), std::ios::binary);
  const std::string module(std::istreambuf_iterator<char>(in), {});
  ASSERT_FALSE(module.empty());
  EXPECT_EQ(module.find("wasi_snapshot_preview1") != std::string::npos, GetParam().importsWasi);
}

INSTANTIATE_TEST_SUITE_P(Features, Cpp, ::testing::ValuesIn(readFeatures()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
