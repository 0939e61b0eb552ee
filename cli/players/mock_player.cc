#include "players/mock_player.h"

#include <algorithm>

#include "sluice/host/host.h"

namespace sluice::scenario {
namespace {

Message toMessage(const host::Message& message) { return {message.headers, message.chunks, false, message.trailers}; }

std::string pseudoHeader(const Message& message, std::string_view name) {
  const auto values = headerValues(message.headers, name);
  return values.empty() ? std::string() : values.front();
}

bool has(const Message& message, std::string_view name) { return !headerValues(message.headers, name).empty(); }

bool isChunked(const Message& message) { return message.chunked || !message.trailers.empty(); }

// The headers of a request as Envoy's connection manager shows them to filters.
host::Headers requestHeaders(const Message& request) {
  host::Headers headers = {{":authority", pseudoHeader(request, ":authority")},
                           {":path", pseudoHeader(request, ":path")},
                           {":method", pseudoHeader(request, ":method")},
                           {":scheme", "http"}};
  for (const auto& header : request.headers) {
    if (!header.first.starts_with(':')) headers.push_back(header);
  }
  if (!isChunked(request) && !request.chunks.empty() && !has(request, "content-length")) {
    headers.emplace_back("content-length", std::to_string(request.body().size()));
  }
  headers.emplace_back("x-forwarded-proto", "http");
  return headers;
}

// The headers of a response as they come from an HTTP/1.1 upstream.
host::Headers responseHeaders(const Message& response) {
  host::Headers headers = response.headers;
  const std::string status = pseudoHeader(response, ":status");
  if (isChunked(response)) {
    headers.emplace_back("transfer-encoding", "chunked");
  } else if (status != "204" && status != "304" && !has(response, "content-length")) {
    headers.emplace_back("content-length", std::to_string(response.body().size()));
  }
  return headers;
}

// HTTP/1.1 tells the end of a body only after its last piece: the end comes as a piece of its own.
template <class SendHeaders, class SendBody, class SendTrailers>
void sendPieces(const Message& message, bool bodyAllowed, const SendHeaders& sendHeaders, const SendBody& sendBody,
                const SendTrailers& sendTrailers) {
  const bool empty = !isChunked(message) && message.body().empty();
  sendHeaders(empty || !bodyAllowed);
  if (empty || !bodyAllowed) return;
  for (const auto& chunk : message.chunks) sendBody(chunk, false);
  if (message.trailers.empty()) {
    sendBody(std::string(), true);
  } else {
    sendTrailers(message.trailers);
  }
}

void sendRequest(host::HttpStream& stream, const Message& request) {
  sendPieces(
      request, true, [&](bool end) { stream.requestHeaders(requestHeaders(request), end); },
      [&](const std::string& chunk, bool end) { stream.requestBody(chunk, end); },
      [&](const Headers& trailers) { stream.requestTrailers(trailers); });
}

void sendResponse(host::HttpStream& stream, const Message& response, bool toHead) {
  const std::string status = pseudoHeader(response, ":status");
  sendPieces(
      response, !toHead && status != "204" && status != "304",
      [&](bool end) { stream.responseHeaders(responseHeaders(response), end); },
      [&](const std::string& chunk, bool end) { stream.responseBody(chunk, end); },
      [&](const Headers& trailers) { stream.responseTrailers(trailers); });
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
  const auto stream = plugin.openStream();
  sendRequest(*stream, exchange.request);
  if (stream->received().complete && !stream->answer().started && !stream->closed()) {
    if (exchange.upstreamResets) {
      stream->upstreamReset();
    } else {
      sendResponse(*stream, exchange.response, pseudoHeader(exchange.request, ":method") == "HEAD");
    }
  }
  stream->close();
  const host::Exchange played = stream->exchange();
  ExchangeOutcome outcome;
  if (played.request.started) {
    outcome.upstream = toMessage(played.request);
    outcome.upstreamRequests = played.request.arrivals;
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
