#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "commands/commands.h"
#include "commands/filter_options.h"
#include "commands/project_module.h"
#include "deploy/envoy.h"
#include "exit_code.h"
#include "project/platforms.h"
#include "scenario/read_file.h"

namespace sluice::cli {
namespace {

struct EnvoyOptions {
  FilterOptions filter;
  std::string path;  // Where the proxy finds the module; empty for where it is here.
  std::string upstream = "127.0.0.1:8080";
  uint16_t port = 10000;
  bool network = false;
  bool bootstrap = false;  // What is printed anyway.
  bool snippet = false;
};

// HOST:PORT, or [IPv6 ADDRESS]:PORT.
void readUpstream(const std::string& value, deploy::EnvoyTarget& target) {
  const size_t colon = value.rfind(':');
  const std::string port = colon == std::string::npos ? "" : value.substr(colon + 1);
  const bool isNumber = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  const int number = isNumber ? std::stoi(port) : 0;
  if (colon == 0 || number == 0 || number > UINT16_MAX) {
    throw std::runtime_error("--upstream: '" + value + "' is not HOST:PORT");
  }
  target.upstreamHost = value.substr(0, colon);
  if (target.upstreamHost.starts_with('[') && target.upstreamHost.ends_with(']')) {
    target.upstreamHost = target.upstreamHost.substr(1, target.upstreamHost.size() - 2);
  }
  target.upstreamPort = static_cast<uint16_t>(number);
}

int printEnvoy(const EnvoyOptions& options) {
  try {
    const auto module = moduleOf(options.filter.module);
    const auto failure = loadFailure(scenario::readModule(module), module.filename().string());
    if (!failure.empty()) {
      std::cerr << "sluice config envoy: Envoy cannot load " << module.string() << ": " << failure << '\n';
      return kExitHost;
    }
    deploy::EnvoyTarget target{.filter = filterOf(options.filter, module)};
    if (!options.path.empty()) target.filter.file = options.path;
    target.chain = options.network ? envoy::Chain::Network : envoy::Chain::Http;
    target.port = options.port;
    readUpstream(options.upstream, target);
    std::cout << (options.snippet ? envoySnippet(target) : envoyBootstrap(target));
    return kExitOk;
  } catch (const std::runtime_error& error) {
    std::cerr << "sluice config envoy: " << error.what() << '\n';
    return kExitUsage;
  }
}

void addEnvoyTarget(CLI::App& config, int& exitCode) {
  auto options = std::make_shared<EnvoyOptions>();
  CLI::App* command = config.add_subcommand("envoy", "Print a configuration for a plain Envoy, in YAML");
  addFilterOptions(*command, options->filter);
  command->add_flag("--network", options->network, "The filter is for TCP: it stands before tcp_proxy");
  auto* bootstrap = command->add_flag("--bootstrap", options->bootstrap, "Print a whole configuration (the default)");
  command->add_flag("--snippet", options->snippet, "Print the filter's entry alone")->excludes(bootstrap);
  command->add_option("--path", options->path, "Where the proxy finds the module; otherwise where it is here");
  command->add_option("--port", options->port, "The listener's port")
      ->capture_default_str()
      ->check(CLI::Range(1, 65535));
  command->add_option("--upstream", options->upstream, "Where requests go, HOST:PORT")->capture_default_str();
  command->footer(std::string("Example: sluice config envoy build/hello.wasm --config hello.json > envoy.yaml\n") +
                  kExitCodeHelp);
  command->callback([options, &exitCode] { exitCode = printEnvoy(*options); });
}

}  // namespace

void addConfigCommand(CLI::App& app, int& exitCode) {
  CLI::App* command = app.add_subcommand("config", "Print a configuration that runs a filter in a proxy");
  command->require_subcommand(1);
  command->footer(std::string("Example: sluice config envoy build/hello.wasm\n") + kExitCodeHelp);
  addEnvoyTarget(*command, exitCode);
}

}  // namespace sluice::cli
