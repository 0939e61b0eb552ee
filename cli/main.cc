// The `sluice` command. Each subcommand has a file of its own.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "exit_code.h"
#include "run_command.h"

int main(int argc, char** argv) {
  using namespace sluice::cli;
  CLI::App app("Sluice: filters for proxies, written in C++, run as WebAssembly.", "sluice");
  app.set_version_flag("--version", "sluice " SLUICE_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  app.footer(kExitCodeHelp);

  int exitCode = kExitOk;
  addRunCommand(app, exitCode);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  } catch (const std::exception& error) {
    std::cerr << "sluice: " << error.what() << '\n';
    return kExitHost;
  }
  return exitCode;
}
