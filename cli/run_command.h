// `sluice run`: plays a scenario on the mock host or on a real Envoy.
#pragma once

namespace CLI {
class App;
}

namespace sluice::cli {

/// Adds the subcommand to `app`; when it runs, it sets `exitCode`, which must outlive the app.
void addRunCommand(CLI::App& app, int& exitCode);

}  // namespace sluice::cli
