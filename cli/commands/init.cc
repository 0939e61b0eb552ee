#include "commands/commands.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

#include "commands/exit_code.h"
#include "project/template.h"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultTemplate = "headers";

struct InitOptions {
  std::string folder = ".";
  std::string templateName;
  std::string name;
};

// Asks which template to take. Returns the default on an empty line and at the end of the input.
std::string askForTemplate(const std::map<std::string, std::string>& templates) {
  for (const auto& [name, description] : templates) std::cout << "  " << name << ": " << description << '\n';
  while (true) {
    std::cout << "Template [" << kDefaultTemplate << "]: " << std::flush;
    std::string answer;
    if (!std::getline(std::cin, answer) || answer.empty()) return kDefaultTemplate;
    if (templates.contains(answer)) return answer;
    std::cout << "There is no template '" << answer << "'.\n";
  }
}

// The option by which CMake finds the installation that this command belongs to, or nothing if it finds it by itself:
// CMake looks beside each folder of PATH.
std::string prefixOption() {
  std::error_code error;
  const auto command = fs::read_symlink("/proc/self/exe", error);
  const auto prefix = command.parent_path().parent_path();
  if (error || !fs::exists(prefix / "lib/cmake/Sluice/SluiceConfig.cmake", error)) {
    return " -D CMAKE_PREFIX_PATH=PREFIX   # where `cmake --install` has put Sluice";
  }
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (fs::equivalent(folder, command.parent_path(), error)) return {};
  }
  return " -D CMAKE_PREFIX_PATH=" + prefix.string();
}

int run(InitOptions options) {
  const auto templates = templateDescriptions();
  if (options.name.empty()) options.name = filterNameFor(options.folder);
  if (!isFilterName(options.name)) {
    std::cerr << "sluice init: '" << options.name
              << "' cannot be a filter's name, which is a letter, then letters, digits and '_': use --name\n";
    return kExitUsage;
  }
  if (options.templateName.empty()) {
    const bool isTerminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
    options.templateName = isTerminal ? askForTemplate(templates) : kDefaultTemplate;
  }
  try {
    for (const auto& name : writeProject(options.folder, options.templateName, options.name)) {
      std::cout << "  " << (fs::path(options.folder) / name).lexically_normal().string() << '\n';
    }
  } catch (const std::runtime_error& error) {
    std::cerr << "sluice init: " << error.what() << '\n';
    return kExitUsage;
  }
  std::cout << "\nNext:\n";
  if (options.folder != ".") std::cout << "  cd " << options.folder << '\n';
  std::cout << "  cmake --preset default" << prefixOption()
            << "\n  cmake --build --preset default\n  ctest --preset default\n";
  return kExitOk;
}

}  // namespace

void addInitCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<InitOptions>();
  CLI::App* command = app.add_subcommand("init", "Write a new filter project, with its tests");
  command->add_option("DIR", options->folder, "The project's folder, empty or new")->capture_default_str();
  std::set<std::string> names;
  std::string list;
  for (const auto& [name, description] : templateDescriptions()) {
    names.insert(name);
    list += "\n  " + name + ": " + description;
  }
  command
      ->add_option("--template", options->templateName,
                   "The filter to begin with; asked for on a terminal, otherwise " + std::string(kDefaultTemplate))
      ->check(CLI::IsMember(names));
  command->add_option("--name", options->name, "The filter's name; otherwise the folder's");
  command->footer("Templates:" + list + "\nExample: sluice init hello --template auth\n" + kExitCodeHelp);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace sluice::cli
