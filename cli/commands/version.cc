#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "commands/commands.h"
#include "exit_code.h"
#include "project/installation.h"

namespace sluice::cli {
namespace {

constexpr const char* kAbiVersions[] = {"0.1.0", "0.2.0", "0.2.1"};

void print(const Installation& installation) {
  std::cout << "sluice " SLUICE_VERSION "\nABI ";
  for (const char* version : kAbiVersions) std::cout << (version == kAbiVersions[0] ? "" : ", ") << version;
  std::cout << "\nwabt " SLUICE_WABT_VERSION "\n";
  if (installation.prefix.empty()) {
    std::cout << "runs from a build tree\n";
  } else {
    std::cout << "installed in " << installation.prefix.string()
              << (installation.settings.empty() ? "\n" : " (the Python package)\n");
  }
}

void printJson(const Installation& installation) {
  nlohmann::ordered_json json = {{"version", SLUICE_VERSION}, {"abi", kAbiVersions}, {"wabt", SLUICE_WABT_VERSION}};
  json["prefix"] = nullptr;
  if (!installation.prefix.empty()) json["prefix"] = installation.prefix.string();
  json["python_package"] = !installation.settings.empty();
  std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

}  // namespace

void addVersionCommand(CLI::App& app) {
  auto isJson = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("version", "Say which Sluice this is, and where it is installed");
  command->add_flag("--json", *isJson, "Print JSON");
  command->footer(std::string("Example: sluice version --json\n") + kExitCodeHelp);
  command->callback([isJson] {
    if (*isJson) {
      printJson(ownInstallation());
    } else {
      print(ownInstallation());
    }
  });
}

}  // namespace sluice::cli
