// What `sluice inspect` reads from modules.
#include "module/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace sluice::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

using namespace std::string_literals;

// A section: its number, its size and its content; all are shorter than 128 bytes, so each size is one byte.
std::string section(char id, const std::string& content) {
  return std::string{id, static_cast<char>(content.size())} + content;
}

// A text with its length before it.
std::string text(const std::string& value) { return std::string{static_cast<char>(value.size())} + value; }

const std::string kHeader = "\0asm\x01\0\0\0"s;

// Two types: (i32, i64) -> i32, and () -> ().
const std::string kTypes = section(1, "\x02\x60\x02\x7f\x7e\x01\x7f\x60\0\0"s);

// The module of the tests: it imports env.f and the global env.g, has one memory, and defines two functions.
std::string module() {
  const auto imports =
      section(2, "\x02"s + text("env") + text("f") + "\0\0"s + text("env") + text("g") + "\x03\x7f\0"s);
  const auto functions = section(3, "\x02\x01\x01"s);
  const auto memory = section(5, "\x01\x01\x02\x03"s);
  const auto exports = section(7, "\x03"s + text("proxy_abi_version_0_2_1") + "\0\x01"s + text("proxy_on_tick") +
                                      "\0\x02"s + text("memory") + "\x02\0"s);
  // The bodies: no locals; then the end, or two no-operations and the end.
  const auto code = section(10, "\x02\x02\0\x0b\x04\0\x01\x01\x0b"s);
  return kHeader + kTypes + imports + functions + memory + exports + code;
}

std::string functionNames(const std::string& name) {
  const auto names = "\x01\x02"s + text(name);  // One name, of function 2.
  return section(0, text("name") + "\x01"s + text(names));
}

TEST(ModuleSummaryTest, ListsImportsExportsAndSizes) {
  const auto summary = summarizeModule(module(), "m.wasm");
  EXPECT_EQ(summary.bytes, module().size());
  EXPECT_EQ(summary.abiVersion, "0.2.1");
  ASSERT_EQ(summary.imports.size(), 1U);
  EXPECT_EQ(summary.imports[0].module, "env");
  EXPECT_EQ(summary.imports[0].name, "f");
  EXPECT_EQ(summary.imports[0].signature, "(i32, i64) -> i32");
  EXPECT_THAT(summary.otherImports, ElementsAre("global env.g"));
  EXPECT_THAT(summary.callbacks, ElementsAre("proxy_on_tick"));
  EXPECT_THAT(summary.otherExports, ElementsAre("memory", "proxy_abi_version_0_2_1"));
  EXPECT_EQ(summary.memories, 1U);
  EXPECT_EQ(summary.initialPages, 2U);
  EXPECT_EQ(summary.maximumPages, 3U);
  EXPECT_EQ(summary.sections.front().name, "Type");
  EXPECT_EQ(summary.sections.back().bytes, 9U);
}

TEST(ModuleSummaryTest, NamesTheLargestFunctionFirst) {
  auto summary = summarizeModule(module(), "m.wasm");
  ASSERT_EQ(summary.functions.size(), 2U);
  EXPECT_FALSE(summary.hasFunctionNames);
  EXPECT_EQ(summary.functions[0].name, "proxy_on_tick");
  EXPECT_EQ(summary.functions[0].bytes, 4U);
  EXPECT_EQ(summary.functions[1].bytes, 2U);

  summary = summarizeModule(module() + functionNames("_ZN3foo3barEi"), "m.wasm");
  EXPECT_TRUE(summary.hasFunctionNames);
  EXPECT_EQ(summary.functions[0].name, "foo::bar(int)");
}

TEST(ModuleSummaryTest, ReadsTheProducers) {
  const auto fields = "\x02"s + text("language") + "\x01"s + text("C_plus_plus_20") + text("") + text("processed-by") +
                      "\x01"s + text("clang") + text("22.1");
  auto summary = summarizeModule(module() + section(0, text("producers") + fields), "m.wasm");
  EXPECT_THAT(summary.producers, ElementsAre("language C_plus_plus_20", "processed-by clang 22.1"));
  EXPECT_EQ(summary.sections.back().name, "\"producers\"");
  // The section only informs: what stands in it wrongly ends the list.
  for (size_t size = 0; size < fields.size(); ++size) {
    summary = summarizeModule(module() + section(0, text("producers") + fields.substr(0, size)), "m.wasm");
    EXPECT_LE(summary.producers.size(), 1U);
  }
}

TEST(ModuleSummaryTest, SaysWhereAModuleIsBroken) {
  const auto whole = module();
  size_t broken = 0;
  for (size_t size = 0; size < whole.size(); ++size) {
    try {
      summarizeModule(whole.substr(0, size), "m.wasm");  // A module may end after any section.
    } catch (const std::runtime_error& error) {
      ++broken;
      EXPECT_THAT(error.what(), StartsWith("m.wasm: not a WebAssembly module: at byte ")) << size;
    }
  }
  EXPECT_GT(broken, whole.size() / 2);
  EXPECT_THAT([] { summarizeModule("\0asm\x02\0\0\0"s, "m.wasm"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("bad wasm file version")));
}

}  // namespace
}  // namespace sluice::cli
