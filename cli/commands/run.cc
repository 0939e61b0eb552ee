#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "commands/commands.h"
#include "commands/filter_options.h"
#include "commands/project_module.h"
#include "exit_code.h"
#include "players/envoy_locator.h"
#include "players/leftovers.h"
#include "players/player.h"
#include "project/project.h"
#include "proxy/proxy.h"
#include "scenario/level.h"
#include "scenario/read_file.h"

namespace sluice::cli {
namespace {

struct RunOptions {
  FilterOptions filter;
  std::string upstream;
  std::vector<std::string> clusters;  // NAME=URL.
  uint16_t port = 0;
  bool tcp = false;
  bool insecure = false;
  bool watch = false;
  std::string record;
  bool recordSecrets = false;
  std::string logLevel = "info";
  std::string envoy;
};

proxy::Settings settingsOf(const RunOptions& options) {
  proxy::Settings settings;
  settings.envoy = scenario::locateEnvoy(options.envoy);
  settings.chain = options.tcp ? envoy::Chain::Network : envoy::Chain::Http;
  settings.port = options.port;
  if (!options.upstream.empty()) settings.upstream = proxy::readServer(options.upstream, settings.chain);
  for (const auto& cluster : options.clusters) {
    const size_t sign = cluster.find('=');
    settings.clusters[cluster.substr(0, sign)] = proxy::readServer(cluster.substr(sign + 1), envoy::Chain::Http);
  }
  settings.verifyTls = !options.insecure;
  settings.logLevel = scenario::levelNamed(options.logLevel).value_or(LogLevel::Info);
  settings.watch = options.watch;
  settings.record = options.record;
  settings.recordSecrets = options.recordSecrets;
  if (options.tcp && !options.record.empty() && settings.upstream && settings.upstream->tls) {
    throw std::runtime_error("--record cannot see into the TLS of --upstream " + options.upstream);
  }
  return settings;
}

proxy::Source sourceOf(const FilterOptions& options) {
  proxy::Source source;
  source.make = [&options] {
    const auto module = moduleOf(options.module);
    scenario::readModule(module);  // Says what is wrong with a file that is no module.
    return filterOf(options, module);
  };
  source.builds = options.module.empty();
  source.paths.push_back(source.builds ? findProject(std::filesystem::current_path()).source
                                       : std::filesystem::path(options.module));
  for (const auto& configuration : {options.configuration, options.vmConfiguration}) {
    std::error_code error;
    if (std::filesystem::is_regular_file(configuration, error)) source.paths.emplace_back(configuration);
  }
  return source;
}

int report(const proxy::End& end) {
  using Kind = proxy::End::Kind;
  if (!end.message.empty()) std::cerr << "sluice run: " << end.message << '\n';
  if (end.kind == Kind::Signal) {
    std::cout << std::flush;
    scenario::endBySignal(end.signal);
  }
  return end.kind == Kind::Refused ? kExitFailed : kExitHost;
}

int run(const RunOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);  // A closed standard output must not leave an Envoy behind.
  try {
    const auto settings = settingsOf(options);
    return report(proxy::run(settings, sourceOf(options.filter)));
  } catch (const scenario::PlayerError& error) {
    std::cerr << "sluice run: " << error.what() << '\n';
    return kExitHost;
  } catch (const std::runtime_error& error) {
    std::cerr << "sluice run: " << error.what() << '\n';
    return kExitUsage;
  }
}

std::string checkCluster(const std::string& value) {
  const size_t sign = value.find('=');
  if (sign == 0 || sign == std::string::npos) return "'" + value + "' is not NAME=URL";
  if (value.substr(0, sign) == "upstream") return "the cluster 'upstream' is that of --upstream";
  return "";
}

}  // namespace

void addRunCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Run a local proxy, a real Envoy, with a filter in it");
  addFilterOptions(*command, options->filter);
  command->add_option("--upstream", options->upstream,
                      "Where requests go: a URL (http, https, h2c), or HOST:PORT for --tcp; otherwise an echo answers");
  command
      ->add_option("--cluster", options->clusters,
                   "A server for the filter's callouts, NAME=URL (h2c for gRPC); again for each further one")
      ->allow_extra_args(false)
      ->check(checkCluster);
  command->add_flag("--insecure", options->insecure, "Do not verify the certificates of https servers");
  command->add_option("--port", options->port, "The port on 127.0.0.1; otherwise one that is free");
  command->add_flag("--tcp", options->tcp, "The filter is for TCP: it stands before tcp_proxy");
  command->add_flag("--watch", options->watch,
                    "When the module, a source or a configuration file changes, load it without losing a request");
  auto* record = command->add_option("--record", options->record, "Write the traffic to this file, as a scenario");
  command
      ->add_flag("--record-secrets", options->recordSecrets,
                 "Also record the values of authorization, proxy-authorization, cookie and set-cookie")
      ->needs(record);
  command->add_option("--log-level", options->logLevel, "The lowest level of the filter's lines to show")
      ->capture_default_str()
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "critical"}));
  command->add_option("--envoy", options->envoy,
                      "The Envoy to run; otherwise $SLUICE_ENVOY, `envoy` on PATH, or .venv/bin/envoy");
  command->footer(std::string("Example: sluice run build/hello.wasm --config hello.json --port 8080 --watch\n") +
                  kExitCodeHelp);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace sluice::cli
