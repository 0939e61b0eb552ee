#include "commands/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "scenario/nearest.h"

namespace sluice::cli {
namespace {

std::vector<std::string> subcommandNames(CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

std::string unknown(const std::string& kind, const std::string& word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  return "unknown " + kind + " '" + word + "'" + scenario::didYouMean(word, views) +
         "; there are: " + scenario::listed(views);
}

}  // namespace

std::vector<std::string> optionNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string unknownArgument(CLI::App& app, const std::vector<std::string>& arguments) {
  CLI::App* command = &app;
  for (const auto& argument : arguments) {
    if (argument == "--") break;
    if (argument.starts_with("-")) {
      const std::string name = argument.substr(0, argument.find('='));
      const bool known = command->get_option_no_throw(name) != nullptr;
      if (!known && argument.starts_with("--")) return unknown("option", name, optionNames(*command));
    } else if (const auto names = subcommandNames(*command); !names.empty()) {
      if (std::find(names.begin(), names.end(), argument) == names.end()) return unknown("subcommand", argument, names);
      command = command->get_subcommand(argument);
    }
  }
  return {};
}

}  // namespace sluice::cli
