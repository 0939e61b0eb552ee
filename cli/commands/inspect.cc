#include "commands/commands.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "exit_code.h"
#include "module/summary.h"
#include "project/platforms.h"
#include "scenario/read_file.h"
#include "sluice/host/text.h"

namespace sluice::cli {
namespace {

using host::quoteUnlessPrintable;

struct InspectOptions {
  std::filesystem::path module;
  size_t functions = 10;
  bool json = false;
};

using Verdicts = std::vector<std::pair<const Platform*, PlatformVerdict>>;

Verdicts judgeAll(const ModuleSummary& summary, const std::string& whyNot) {
  Verdicts verdicts;
  for (const auto& platform : platforms()) verdicts.emplace_back(&platform, judge(platform, summary, whyNot));
  return verdicts;
}

void printList(const char* title, const std::vector<std::string>& items) {
  if (items.empty()) return;
  std::cout << '\n' << title << '\n';
  for (const auto& item : items) std::cout << "  " << quoteUnlessPrintable(item) << '\n';
}

void printSizes(const ModuleSummary& summary, size_t functionsShown) {
  std::cout << "\nSections\n";
  for (const auto& section : summary.sections) {
    std::cout << std::setw(11) << section.bytes << "  " << quoteUnlessPrintable(section.name) << '\n';
  }
  const auto shown = std::min(functionsShown, summary.functions.size());
  if (shown == 0) return;
  std::cout << "\nFunctions (the largest " << shown << " of " << summary.functions.size() << ")\n";
  for (size_t i = 0; i < shown; ++i) {
    std::cout << std::setw(11) << summary.functions[i].bytes << "  " << quoteUnlessPrintable(summary.functions[i].name)
              << '\n';
  }
  if (!summary.hasFunctionNames) std::cout << "  (no names: build with CMAKE_BUILD_TYPE=Debug to keep them)\n";
}

void printPlatforms(const Verdicts& verdicts) {
  std::cout << "\nPlatforms\n";
  for (const auto& [platform, verdict] : verdicts) {
    std::cout << "  " << platform->title << (verdict.refused.empty() ? " can load it\n" : " cannot load it\n");
    for (const auto& reason : verdict.refused) std::cout << "      " << reason << '\n';
    for (const auto& warning : verdict.warnings) std::cout << "      but " << warning << '\n';
  }
}

void print(const ModuleSummary& summary, const std::string& name, const Verdicts& verdicts) {
  std::cout << name << ": " << summary.bytes << " bytes, "
            << (summary.abiVersion.empty() ? "no ABI version" : "ABI " + summary.abiVersion) << ", ";
  if (summary.memories == 0) {
    std::cout << "no memory\n";
  } else {
    std::cout << summary.initialPages << " pages of memory at the start, "
              << (summary.maximumPages ? "at most " + std::to_string(*summary.maximumPages) : std::string("no maximum"))
              << '\n';
  }
  if (summary.memories > 1) std::cout << "  " << summary.memories << " memories: hosts use the first one only\n";
  printList("Callbacks", summary.callbacks);
  printList("Other exports", summary.otherExports);
  std::vector<std::string> imports;
  for (const auto& import : summary.imports)
    imports.push_back(import.module + "." + import.name + " " + import.signature);
  imports.insert(imports.end(), summary.otherImports.begin(), summary.otherImports.end());
  printList("Imports", imports);
  printList("Producers", summary.producers);
  std::vector<std::string> metadata;
  for (const auto& each : summary.metadata) {
    metadata.push_back(each.name + (each.content.empty() ? "" : ": " + each.content));
  }
  printList("Metadata", metadata);
  printPlatforms(verdicts);
}

nlohmann::ordered_json asJson(const ModuleSummary& summary, const std::string& name, const Verdicts& verdicts) {
  nlohmann::ordered_json json = {{"module", name}, {"bytes", summary.bytes}};
  json["abi"] = summary.abiVersion.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(summary.abiVersion);
  json["memory"] = {{"memories", summary.memories}, {"initial_pages", summary.initialPages}};
  if (summary.maximumPages) json["memory"]["maximum_pages"] = *summary.maximumPages;
  json["callbacks"] = summary.callbacks;
  json["other_exports"] = summary.otherExports;
  json["imports"] = nlohmann::ordered_json::array();
  for (const auto& import : summary.imports) {
    json["imports"].push_back({{"module", import.module}, {"name", import.name}, {"signature", import.signature}});
  }
  json["other_imports"] = summary.otherImports;
  json["producers"] = summary.producers;
  json["metadata"] = nlohmann::ordered_json::array();
  for (const auto& each : summary.metadata) {
    json["metadata"].push_back({{"name", each.name}, {"content", nullptr}});
    if (!each.content.empty()) json["metadata"].back()["content"] = each.content;
  }
  json["sections"] = nlohmann::ordered_json::array();
  for (const auto& section : summary.sections)
    json["sections"].push_back({{"name", section.name}, {"bytes", section.bytes}});
  json["functions"] = nlohmann::ordered_json::array();
  for (const auto& function : summary.functions) {
    json["functions"].push_back({{"name", function.name}, {"bytes", function.bytes}});
  }
  json["has_function_names"] = summary.hasFunctionNames;
  json["platforms"] = nlohmann::ordered_json::object();
  for (const auto& [platform, verdict] : verdicts) {
    json["platforms"][std::string(platform->name)] = {
        {"loads", verdict.refused.empty()}, {"refused", verdict.refused}, {"warnings", verdict.warnings}};
  }
  return json;
}

int run(const InspectOptions& options) {
  const auto name = options.module.filename().string();
  std::string bytes;
  ModuleSummary summary;
  try {
    bytes = scenario::readModule(options.module);
    summary = summarizeModule(bytes, options.module.string());
  } catch (const std::runtime_error& error) {
    std::cerr << "sluice inspect: " << error.what() << '\n';
    return kExitUsage;
  }
  const auto whyNot = loadFailure(bytes, name);
  const auto verdicts = judgeAll(summary, whyNot);
  if (options.json) {
    // Names may hold any bytes; what is no UTF-8 is replaced.
    std::cout << asJson(summary, name, verdicts).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  } else {
    print(summary, name, verdicts);
    printSizes(summary, options.functions);
  }
  return whyNot.empty() ? kExitOk : kExitHost;
}

}  // namespace

void addInspectCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command = app.add_subcommand("inspect", "Say what a module consists of, and which platforms can load it");
  command->add_option("MODULE", options->module, "The module, a .wasm file")->required()->check(CLI::ExistingFile);
  command->add_option("--functions", options->functions, "How many functions to list, the largest first")
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print JSON, with every function");
  command->footer(std::string("Example: sluice inspect build/hello.wasm\n") + kExitCodeHelp);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace sluice::cli
