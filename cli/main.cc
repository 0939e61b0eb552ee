// The `sluice` command. Each subcommand has a file of its own.
#include <fcntl.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "commands/arguments.h"
#include "commands/commands.h"
#include "exit_code.h"
#include "players/leftovers.h"

namespace {

using namespace sluice::cli;

// A closed standard stream's number would go to the next file that is opened, which would then get what is printed. A
// stream that cannot be written to takes its place, so that printing fails.
void openStandardStreams() {
  for (const int stream : {0, 1, 2}) {
    if (::fcntl(stream, F_GETFD) == -1 && errno == EBADF) static_cast<void>(::open("/dev/null", O_RDONLY));
  }
}

int run(int argc, char** argv) {
  CLI::App app("Sluice: filters for proxies, written in C++, run as WebAssembly.", "sluice");
  app.set_version_flag("--version", "sluice " SLUICE_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  app.footer(kExitCodeHelp);

  int exitCode = kExitOk;
  addInitCommand(app, exitCode);
  addBuildCommand(app, exitCode);
  addTestCommand(app, exitCode);
  addRunCommand(app, exitCode);
  addTraceCommand(app, exitCode);
  addBenchCommand(app, exitCode);
  addInspectCommand(app, exitCode);
  addCheckCommand(app, exitCode);
  addConfigCommand(app, exitCode);
  addDoctorCommand(app, exitCode);
  addCompletionCommand(app);
  addVersionCommand(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool isHelp = error.get_exit_code() == 0;
    const std::string unknown = isHelp ? "" : unknownArgument(app, std::vector<std::string>(argv + 1, argv + argc));
    if (!unknown.empty()) {
      std::cerr << "sluice: " << unknown << "\nRun with --help for more information.\n";
      return kExitUsage;
    }
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  } catch (const std::exception& error) {
    std::cerr << "sluice: " << error.what() << '\n';
    return kExitHost;
  }
  return exitCode;
}

}  // namespace

int main(int argc, char** argv) {
  openStandardStreams();
  sluice::scenario::cleanUpOnSignals();
  const int exitCode = run(argc, argv);
  errno = 0;
  if (std::cout.flush()) return exitCode;
  std::cerr << "sluice: standard output cannot be written" << (errno == 0 ? "" : ": ")
            << (errno == 0 ? "" : std::strerror(errno)) << '\n';
  return exitCode == kExitOk ? kExitHost : exitCode;
}
