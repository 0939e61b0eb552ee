// `sluice bench`: counts what filters cost in scenarios, and fails if they cost more than a baseline.
#pragma once

namespace CLI {
class App;
}

namespace sluice::cli {

/// Adds the subcommand to `app`; when it runs, it sets `exitCode`, which must outlive the app.
void addBenchCommand(CLI::App& app, int& exitCode);

}  // namespace sluice::cli
