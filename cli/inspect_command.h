// `sluice inspect`: says what a module consists of, and whether Envoy can load it.
#pragma once

namespace CLI {
class App;
}

namespace sluice::cli {

/// Adds the subcommand to `app`; when it runs, it sets `exitCode`, which must outlive the app.
void addInspectCommand(CLI::App& app, int& exitCode);

}  // namespace sluice::cli
