// `sluice check`: configures a filter as a proxy would, and says whether the filter accepts the configuration.
#pragma once

namespace CLI {
class App;
}

namespace sluice::cli {

/// Adds the subcommand to `app`; when it runs, it sets `exitCode`, which must outlive the app.
void addCheckCommand(CLI::App& app, int& exitCode);

}  // namespace sluice::cli
