#include "commands/commands.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exit_code.h"
#include "project/platforms.h"
#include "project/template.h"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultTemplate = "headers";

// A word that a shell reads as this text.
std::string asShellWord(const std::string& text) {
  const auto isPlain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c >= 0x80 ||
           std::string_view("/._-+,@%").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (std::all_of(text.begin(), text.end(), isPlain)) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

struct InitOptions {
  std::string folder = ".";
  std::string templateName;
  std::string platform;
  std::string name;
};

using Choices = std::vector<std::pair<std::string, std::string>>;  // Names and descriptions; the first is the default.

Choices templateChoices() {
  Choices choices;
  for (const auto& [name, description] : templateDescriptions()) {
    choices.insert(name == kDefaultTemplate ? choices.begin() : choices.end(), {name, description});
  }
  return choices;
}

Choices platformChoices() {
  Choices choices;
  for (const auto& platform : platforms()) choices.emplace_back(platform.name, platform.title);
  return choices;
}

std::string listed(const Choices& choices) {
  std::string list;
  for (const auto& [name, description] : choices) list += "\n  " + name + ": " + description;
  return list;
}

std::set<std::string> names(const Choices& choices) {
  std::set<std::string> names;
  for (const auto& [name, description] : choices) names.insert(name);
  return names;
}

// Asks which of `choices` to take. Returns the default on an empty line, at the end of the input, and where there is no
// terminal to ask on.
std::string ask(const std::string& what, const Choices& choices) {
  const std::string standard = choices.front().first;
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) return standard;
  std::cout << what << "s:" << listed(choices) << '\n';
  while (true) {
    std::cout << what << " [" << standard << "]: " << std::flush;
    std::string answer;
    if (!std::getline(std::cin, answer) || answer.empty()) return standard;
    if (names(choices).contains(answer)) return answer;
    std::cout << "The list has no '" << answer << "'.\n";
  }
}

// What keeps a template's filter from working on a platform; empty if nothing does.
std::string conflict(const std::string& templateName, const Platform& platform) {
  const std::string need = templateNeed(templateName);
  for (const auto* refused : {&platform.refusedHostcalls, &platform.refusedCallbacks}) {
    if (std::find(refused->begin(), refused->end(), need) == refused->end()) continue;
    return "the template '" + templateName + "' needs " + need + ", which " + std::string(platform.title) +
           " does not have: take another template or --platform";
  }
  return {};
}

int run(InitOptions options) {
  if (options.name.empty()) options.name = filterNameFor(options.folder);
  if (!isFilterName(options.name)) {
    std::cerr << "sluice init: '" << options.name
              << "' cannot be a filter's name, which is a letter, then letters, digits and '_': use --name\n";
    return kExitUsage;
  }
  if (options.templateName.empty()) options.templateName = ask("Template", templateChoices());
  if (options.platform.empty()) options.platform = ask("Platform", platformChoices());
  const Platform& platform = *findPlatform(options.platform);
  if (const auto fault = conflict(options.templateName, platform); !fault.empty()) {
    std::cerr << "sluice init: " << fault << '\n';
    return kExitUsage;
  }
  try {
    for (const auto& name : writeProject(options.folder, {options.templateName, options.name, platform})) {
      std::cout << "  " << (fs::path(options.folder) / name).lexically_normal().string() << '\n';
    }
  } catch (const std::runtime_error& error) {
    std::cerr << "sluice init: " << error.what() << '\n';
    return kExitUsage;
  }
  std::cout << "\nNext:\n";
  if (options.folder != ".") std::cout << "  cd " << asShellWord(options.folder) << '\n';
  std::cout << "  sluice test\n";
  return kExitOk;
}

}  // namespace

void addInitCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<InitOptions>();
  CLI::App* command = app.add_subcommand("init", "Write a new filter project, with its tests");
  command->add_option("DIR", options->folder, "The project's folder, empty or new")->capture_default_str();
  const Choices templates = templateChoices(), platforms = platformChoices();
  command
      ->add_option("--template", options->templateName,
                   "The filter to begin with; asked for on a terminal, otherwise " + templates.front().first)
      ->check(CLI::IsMember(names(templates)));
  command
      ->add_option("--platform", options->platform,
                   "Where it will run; asked for on a terminal, otherwise " + platforms.front().first)
      ->check(CLI::IsMember(names(platforms)));
  command->add_option("--name", options->name, "The filter's name; otherwise the folder's");
  command->footer("Templates:" + listed(templates) + "\nPlatforms:" + listed(platforms) +
                  "\nExample: sluice init hello --template auth --platform istio\n" + kExitCodeHelp);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace sluice::cli
