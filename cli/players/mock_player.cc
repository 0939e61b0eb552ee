#include "players/mock_player.h"

#include <algorithm>

#include "sluice/host/host.h"

namespace sluice::scenario {
namespace {

host::Message toHostMessage(const Message& message) { return {message.headers, message.chunks, message.trailers}; }

Message toMessage(const host::Message& message) { return {message.headers, message.chunks, false, message.trailers}; }

// A client on a network adds what frames its message; the mock host takes messages as they are.
host::Message framed(const Message& message) {
  host::Message result = toHostMessage(message);
  if (!message.chunked && message.trailers.empty() && !message.chunks.empty() &&
      headerValues(message.headers, "content-length").empty()) {
    result.headers.emplace_back("content-length", std::to_string(message.body().size()));
  }
  return result;
}

host::PluginOptions pluginOptions(const PluginSettings& plugin) {
  host::PluginOptions options;
  options.name = plugin.name;
  options.rootId = plugin.rootId;
  options.vmId = plugin.vmId;
  options.vmConfiguration = plugin.vmConfiguration;
  options.configuration = plugin.configuration;
  options.environment = plugin.environment;
  switch (plugin.failurePolicy) {
    case FailurePolicy::kFailClosed:
      options.failPolicy = host::FailPolicy::Closed;
      break;
    case FailurePolicy::kFailOpen:
      options.failPolicy = host::FailPolicy::Open;
      break;
    case FailurePolicy::kFailReload:
      options.failPolicy = host::FailPolicy::Reload;
      break;
  }
  return options;
}

// What was counted between two readings, for the callbacks that ran.
std::vector<CallbackCost> costBetween(const host::CountsByCallback& before, const host::CountsByCallback& after) {
  std::vector<CallbackCost> costs;
  for (const auto& [callback, counts] : after) {
    const auto earlier = before.find(callback);
    const host::Counts difference = earlier == before.end() ? counts : counts - earlier->second;
    if (difference.calls + difference.crossings + difference.instructions == 0) continue;
    costs.push_back({callback, difference.calls, difference.instructions, difference.crossings});
  }
  return costs;
}

ExchangeOutcome playExchange(host::Plugin& plugin, const Exchange& exchange) {
  const host::CountsByCallback before = plugin.countsByCallback();
  const host::Exchange played = plugin.send(framed(exchange.request), framed(exchange.response));
  ExchangeOutcome outcome;
  if (played.request.started) {
    outcome.upstream = toMessage(played.request);
    outcome.upstreamRequests = 1;
  }
  if (played.response.started && played.response.complete) {
    outcome.client = toMessage(played.response);
  } else {
    outcome.error = played.response.reset ? "the stream was reset" : "the filter holds the stream back";
  }
  outcome.cost = costBetween(before, plugin.countsByCallback());
  return outcome;
}

}  // namespace

Outcome MockPlayer::play(const Scenario& scenario, const std::filesystem::path& filter) {
  Outcome outcome;
  outcome.host = "the mock host";
  try {
    host::Profile profile = host::Profile::envoy();
    profile.allowOnHeadersStopIteration = scenario.plugin.allowOnHeadersStopIteration;
    host::Host proxy(profile);
    proxy.setLogLevel(scenario.plugin.logLevel);
    const auto plugin = proxy.load(filter, pluginOptions(scenario.plugin));
    outcome.startCost = costBetween({}, plugin->countsByCallback());
    outcome.refused = !plugin->configured();
    if (!outcome.refused) {
      for (const auto& exchange : scenario.exchanges) outcome.exchanges.push_back(playExchange(*plugin, exchange));
    }
    for (const auto& line : proxy.logs()) outcome.log.push_back({line.level, line.text});
    for (const auto& error : proxy.errors()) outcome.hostLog += std::string(error.what()) + "\n";
  } catch (const host::Error& error) {
    throw PlayerError(error.what());
  }
  return outcome;
}

}  // namespace sluice::scenario
