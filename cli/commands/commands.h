// The subcommands of `sluice`. Each has a source file of its own name in this folder.
#pragma once

namespace CLI {
class App;
}

// Each function adds a subcommand to `app`; when that runs, it sets `exitCode`, which must outlive the app.
namespace sluice::cli {

/// `sluice init`: writes a new filter project.
void addInitCommand(CLI::App& app, int& exitCode);

/// `sluice build`: builds the filters of a project, and says what they consist of.
void addBuildCommand(CLI::App& app, int& exitCode);

/// `sluice test`: runs the tests of a project, or plays scenarios on the mock host or on a real Envoy.
void addTestCommand(CLI::App& app, int& exitCode);

/// `sluice run`: runs a local proxy, a real Envoy, with a filter in it.
void addRunCommand(CLI::App& app, int& exitCode);

/// `sluice trace`: prints every crossing between host and guest of a scenario on the mock host.
void addTraceCommand(CLI::App& app, int& exitCode);

/// `sluice bench`: counts what filters cost in scenarios, and fails if they cost more than a baseline.
void addBenchCommand(CLI::App& app, int& exitCode);

/// `sluice inspect`: says what a module consists of, and whether Envoy can load it.
void addInspectCommand(CLI::App& app, int& exitCode);

/// `sluice check`: configures a filter as a proxy would, and says whether the filter accepts the configuration.
void addCheckCommand(CLI::App& app, int& exitCode);

/// `sluice config`: prints a configuration that runs a filter in a proxy.
void addConfigCommand(CLI::App& app, int& exitCode);

/// `sluice doctor`: says which tools are missing, too old or broken, and how to fix it.
void addDoctorCommand(CLI::App& app, int& exitCode);

/// `sluice completion`: prints a script by which a shell completes sluice's commands and options. The script is for the
/// subcommands that `app` has by then.
void addCompletionCommand(CLI::App& app);

/// `sluice version`: says which Sluice this is, and where it is installed.
void addVersionCommand(CLI::App& app);

}  // namespace sluice::cli
