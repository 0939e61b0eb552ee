// `sluice completion`: prints a script by which a shell completes sluice's commands and options.
#pragma once

namespace CLI {
class App;
}

namespace sluice::cli {

/// Adds the subcommand to `app`; when it runs, it prints a script for the subcommands that `app` has by then.
void addCompletionCommand(CLI::App& app);

}  // namespace sluice::cli
