#include <CLI/CLI.hpp>
#include <algorithm>
#include <iomanip>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands/commands.h"
#include "exit_code.h"
#include "project/installation.h"
#include "project/tools.h"

namespace sluice::cli {
namespace {

const char* wordFor(ToolState state) {
  switch (state) {
    case ToolState::Works:
      return "works";
    case ToolState::Missing:
      return "missing";
    case ToolState::TooOld:
      return "too old";
    case ToolState::Broken:
      break;
  }
  return "broken";
}

const char* wordFor(ToolUse use) {
  switch (use) {
    case ToolUse::Build:
      return "build";
    case ToolUse::ModuleCompiler:
      return "module_compiler";
    case ToolUse::NativeTests:
      return "native_tests";
    case ToolUse::Optional:
      break;
  }
  return "optional";
}

void print(const Tool& tool) {
  constexpr int kStateWidth = 9;
  constexpr int kNameWidth = 17;
  std::cout << std::left << std::setw(kStateWidth) << wordFor(tool.state) << std::setw(kNameWidth) << tool.name
            << tool.detail << '\n';
  for (const auto& fix : tool.fixes) {
    std::cout << std::string(kStateWidth, ' ') << (&fix == &tool.fixes.front() ? "fix: " : "or:  ") << fix << '\n';
  }
  std::cout << std::flush;  // The next tool may take its time.
}

nlohmann::ordered_json asJson(const Tool& tool) {
  return {{"name", tool.name},
          {"use", wordFor(tool.use)},
          {"state", wordFor(tool.state)},
          {"detail", tool.detail},
          {"fixes", tool.fixes}};
}

int run(bool isJson) {
  std::vector<Tool> tools;
  checkTools(ownInstallation(), [&](const Tool& tool) {
    if (!isJson) print(tool);
    tools.push_back(tool);
  });
  const bool isWell = areEnough(tools);
  if (isJson) {
    nlohmann::ordered_json json = {{"builds_and_tests_filters", isWell}, {"tools", nlohmann::ordered_json::array()}};
    for (const auto& tool : tools) json["tools"].push_back(asJson(tool));
    std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  } else if (isWell) {
    std::cout << "\nFilters can be built and tested here.\n";
  } else {
    std::cout
        << "\nFilters cannot be built and tested here: that needs cmake, ninja or make, one of clang (wasi), wasi-sdk, "
           "zig and\nemscripten, a native compiler and the mock host. One of the commands above fixes each.\n";
  }
  return isWell ? kExitOk : kExitFailed;
}

}  // namespace

void addDoctorCommand(CLI::App& app, int& exitCode) {
  auto isJson = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("doctor", "Say which tools are missing, too old or broken, and how to fix it");
  command->add_flag("--json", *isJson, "Print JSON");
  command->footer(std::string("Example: sluice doctor\n") + kExitCodeHelp);
  command->callback([isJson, &exitCode] { exitCode = run(*isJson); });
}

}  // namespace sluice::cli
