// `sluice init`: writes a new filter project.
#pragma once

namespace CLI {
class App;
}

namespace sluice::cli {

/// Adds the subcommand to `app`; when it runs, it sets `exitCode`, which must outlive the app.
void addInitCommand(CLI::App& app, int& exitCode);

}  // namespace sluice::cli
