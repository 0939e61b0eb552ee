#include "commands/commands.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "commands/arguments.h"
#include "exit_code.h"

namespace sluice::cli {
namespace {

// What a shell must know of an option.
struct OptionWords {
  std::string name;         // "--host"
  std::string description;  // One line.
  bool takesValue = false;
  std::vector<std::string> values;  // The only values, if they are listed; else a file or a text.
};

// The values in a type such as "TEXT:{mock,envoy}", which CLI11 makes of the check for membership.
std::vector<std::string> listedValues(const std::string& type) {
  const auto begin = type.find('{');
  const auto end = type.find('}');
  std::vector<std::string> values;
  if (begin == std::string::npos || end == std::string::npos) return values;
  std::istringstream list(type.substr(begin + 1, end - begin - 1));
  for (std::string value; std::getline(list, value, ',');) values.push_back(value);
  return values;
}

std::vector<std::string> namesOf(const std::vector<const CLI::App*>& commands) {
  std::vector<std::string> names;
  for (const auto* command : commands) names.push_back(command->get_name());
  return names;
}

// The options of a command and of the subcommands below it, each once.
std::vector<OptionWords> optionsOf(const CLI::App& command) {
  std::vector<OptionWords> result;
  for (const CLI::App* below : command.get_subcommands(nullptr)) {
    const auto options = optionsOf(*below);
    result.insert(result.end(), options.begin(), options.end());
  }
  for (const CLI::Option* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) {
      const auto isSame = [&name](const OptionWords& other) { return other.name == "--" + name; };
      if (std::any_of(result.begin(), result.end(), isSame)) continue;
      result.push_back({.name = "--" + name,
                        .description = option->get_description(),
                        .takesValue = option->get_items_expected_max() > 0,
                        .values = listedValues(option->get_type_name())});
    }
  }
  return result;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// `text` without the characters in `special`, which would end a quoted text of the shell.
std::string without(std::string text, std::string_view special) {
  std::erase_if(text, [&](char c) { return special.find(c) != std::string_view::npos; });
  return text;
}

void printBash(const std::vector<const CLI::App*>& commands, const CLI::App& app) {
  std::cout << "# bash completion of sluice. Load it with: source <(sluice completion bash)\n"
               "_sluice() {\n"
               "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' i\n"
               "  local options='' words=''  # Without words, bash offers files.\n"
               "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
               "    if [[ ${COMP_WORDS[i]} != -* ]]; then command=${COMP_WORDS[i]}; break; fi\n"
               "  done\n"
               "  case \"$command\" in\n";
  std::cout << "  '') options='" << joined(optionNames(app)) << "' words='" << joined(namesOf(commands)) << "' ;;\n";
  for (const auto* command : commands) {
    std::cout << "  " << command->get_name() << ") options='";
    for (const auto& option : optionsOf(*command)) std::cout << option.name << ' ';
    std::cout << '\'';
    for (const CLI::Option* option : command->get_options()) {
      const auto values = listedValues(option->get_type_name());
      if (option->get_positional() && !values.empty()) std::cout << " words='" << joined(values) << '\'';
    }
    std::cout << " ;;\n";
  }
  std::cout << "  esac\n"
               "  case \"$command $previous\" in\n";
  for (const auto* command : commands) {
    const auto below = namesOf(command->get_subcommands(nullptr));
    if (!below.empty()) {
      std::cout << "  '" << command->get_name() << ' ' << command->get_name() << "') words='" << joined(below)
                << "' ;;\n";
    }
    for (const auto& option : optionsOf(*command)) {
      if (!option.takesValue) continue;
      std::cout << "  '" << command->get_name() << ' ' << option.name << "') words='" << joined(option.values)
                << "' ;;\n";
    }
  }
  std::cout << "  *) if [[ $word == -* ]]; then words=$options; fi ;;\n"
               "  esac\n"
               "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
               "}\n"
               "complete -o default -F _sluice sluice\n";
}

void printZsh(const std::vector<const CLI::App*>& commands) {
  constexpr std::string_view kSpecial = "'[]:";
  std::cout << "#compdef sluice\n"
               "# zsh completion of sluice. Write it to a file _sluice in a folder of $fpath.\n"
               "_sluice() {\n"
               "  local -a commands=(\n";
  for (const auto* command : commands) {
    std::cout << "    '" << command->get_name() << ':' << without(command->get_description(), kSpecial) << "'\n";
  }
  std::cout << "  )\n"
               "  if ((CURRENT == 2)); then\n"
               "    _describe command commands\n"
               "    return\n"
               "  fi\n"
               "  local command=$words[2]\n"
               "  shift words\n"
               "  ((CURRENT--))\n"
               "  case $command in\n";
  for (const auto* command : commands) {
    std::cout << "  " << command->get_name() << ") _arguments";
    for (const auto& option : optionsOf(*command)) {
      std::cout << " \\\n    '*" << option.name << '[' << without(option.description, kSpecial) << ']';
      if (option.takesValue) {
        std::cout << ":value:" << (option.values.empty() ? "_files" : "(" + joined(option.values) + ")");
      }
      std::cout << '\'';
    }
    const auto below = namesOf(command->get_subcommands(nullptr));
    if (!below.empty()) std::cout << " \\\n    '1:command:(" << joined(below) << ")'";
    std::cout << " \\\n    '*:file:_files' ;;\n";
  }
  std::cout << "  esac\n"
               "}\n"
               "_sluice \"$@\"\n";
}

void printFish(const std::vector<const CLI::App*>& commands) {
  std::cout << "# fish completion of sluice. Load it with: sluice completion fish | source\n";
  for (const auto* command : commands) {
    std::cout << "complete -c sluice -n __fish_use_subcommand -f -a " << command->get_name() << " -d '"
              << without(command->get_description(), "'\\") << "'\n";
    const auto below = namesOf(command->get_subcommands(nullptr));
    if (!below.empty()) {
      std::cout << "complete -c sluice -n '__fish_seen_subcommand_from " << command->get_name() << "' -a '"
                << joined(below) << "'\n";
    }
    for (const auto& option : optionsOf(*command)) {
      std::cout << "complete -c sluice -n '__fish_seen_subcommand_from " << command->get_name() << "' -l "
                << option.name.substr(2);
      if (!option.values.empty()) {
        std::cout << " -x -a '" << joined(option.values) << '\'';
      } else if (option.takesValue) {
        std::cout << " -r";
      }
      std::cout << " -d '" << without(option.description, "'\\") << "'\n";
    }
  }
}

}  // namespace

void addCompletionCommand(CLI::App& app) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("completion", "Print a script by which a shell completes commands and options");
  command->add_option("SHELL", *shell, "The shell")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->footer(std::string("Example: source <(sluice completion bash)\n") + kExitCodeHelp);
  command->callback([&app, shell] {
    const CLI::App& constant = app;
    const auto commands = constant.get_subcommands(nullptr);
    if (*shell == "bash") {
      printBash(commands, app);
    } else if (*shell == "zsh") {
      printZsh(commands);
    } else {
      printFish(commands);
    }
  });
}

}  // namespace sluice::cli
