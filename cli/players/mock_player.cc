#include "players/mock_player.h"

#include <algorithm>
#include <set>

#include "players/http_wire.h"
#include "players/mock_connection.h"
#include "players/played_services.h"
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

void sendResponse(host::HttpStream& stream, const Answer& answer, bool toHead) {
  const Message& response = answer.response;
  if (answer.kind == Answer::Kind::kBreaksOff) {
    stream.responseHeaders(responseHeaders(response), false);
    for (const auto& chunk : response.chunks) stream.responseBody(chunk, false);
    stream.upstreamReset();
    return;
  }
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

// What the proxy makes of a service's answer.
host::CalloutReply toReply(const Answer& answer) {
  switch (answer.kind) {
    case Answer::Kind::kNever:
      return host::CalloutReply::never();
    case Answer::Kind::kReset:
      return host::CalloutReply::connectionTermination(answer.delay);
    case Answer::Kind::kBreaksOff:
      return host::CalloutReply::reset(answer.delay);
    case Answer::Kind::kResponse:
      break;
  }
  const Message& response = answer.response;
  return host::CalloutReply::of({responseHeaders(response), response.chunks, response.trailers}, answer.delay);
}

host::GrpcReply toReply(const GrpcAnswer& answer) {
  using Kind = host::GrpcReply::Kind;
  host::GrpcReply reply;
  switch (answer.kind) {
    case GrpcAnswer::Kind::kResponse:
      reply.kind = Kind::Response;
      break;
    case GrpcAnswer::Kind::kReset:
      reply.kind = Kind::Reset;
      break;
    case GrpcAnswer::Kind::kMalformed:
      reply.kind = Kind::Malformed;
      break;
    case GrpcAnswer::Kind::kNotGrpc:
      reply.kind = Kind::NotGrpc;
      break;
    case GrpcAnswer::Kind::kNever:
      reply.kind = Kind::Never;
      break;
  }
  reply.initialMetadata = answer.initialMetadata;
  reply.messages = answer.messages;
  reply.trailingMetadata = answer.trailingMetadata;
  reply.status = static_cast<sluice::GrpcStatus>(answer.status);
  reply.statusMessage = answer.statusMessage;
  reply.trailersOnly = answer.trailersOnly;
  reply.httpStatus = answer.httpStatus;
  reply.delay = answer.delay;
  return reply;
}

// The end of a stream, by the client's or by the proxy's doing.
bool hasEnded(const host::HttpStream& stream) {
  return (stream.answer().started && stream.answer().complete) || stream.answer().reset || stream.closed();
}

// Plays one scenario on one mock host.
class Session {
 public:
  explicit Session(const Scenario& scenario) : scenario_(scenario), services_(scenario), proxy_(profile(scenario)) {
    proxy_.setLogLevel(scenario.logLevel);
    for (const auto& service : scenario.services) addCluster(service);
    for (const auto& service : scenario.grpcServices) addGrpcService(service);
  }

  void play(Outcome& outcome) {
    for (const auto& plugin : scenario_.plugins) {
      plugins_.push_back(proxy_.load(plugin.file, pluginOptions(plugin)));
      outcome.refused = outcome.refused || !plugins_.back()->configured();
    }
    outcome.startCost = costBetween({}, counts());
    if (!outcome.refused) playExchanges(outcome);
    for (const auto& expectation : scenario_.metrics) {
      if (const auto metric = proxy_.metric(expectation.name)) outcome.metrics[expectation.name] = toMetric(*metric);
    }
    for (const auto& line : proxy_.logs()) outcome.log.push_back({line.level, line.text});
    for (const auto& error : proxy_.errors()) outcome.hostLog += std::string(error.what()) + "\n";
    for (const auto& stream : proxy_.grpcStreams()) {
      if (stream->canceled()) services_.grpcCancelled(grpcStreams_.at(&stream->call()));
    }
    outcome.calls = services_.calls();
    outcome.grpcCalls = services_.grpcCalls();
  }

 private:
  static host::Profile profile(const Scenario& scenario) {
    host::Profile profile = host::Profile::envoy();
    for (const auto& plugin : scenario.plugins) {
      profile.allowOnHeadersStopIteration = profile.allowOnHeadersStopIteration || plugin.allowOnHeadersStopIteration;
    }
    return profile;
  }

  static Metric toMetric(const host::Metric& metric) {
    const bool histogram = metric.type == MetricType::Histogram;
    return {histogram, histogram ? metric.samples.size() : metric.value};
  }

  void addCluster(const Service& service) {
    if (service.unreachable) {
      proxy_.addCluster(service.name, host::CalloutReply::connectionFailure());
      return;
    }
    proxy_.addCluster(service.name, [this, name = service.name](const host::Callout& callout) {
      const Message request = toMessage(callout.request);
      return toReply(services_.complete(services_.arrive(name, request), request));
    });
  }

  void addGrpcService(const GrpcService& service) {
    if (service.unreachable) {
      host::GrpcService nobody;
      nobody.onCall = [](const host::GrpcCall&) { return host::GrpcReply::connectionFailure(); };
      nobody.onOpen = [](host::GrpcStream& stream) { stream.end(host::GrpcReply::connectionFailure()); };
      proxy_.addGrpcService(service.name, std::move(nobody));
      return;
    }
    host::GrpcService played;
    played.onCall = [this, name = service.name](const host::GrpcCall& call) {
      GrpcStep step;
      const std::size_t number = services_.openGrpc(name, methodOf(call), call.metadata, step);
      for (const GrpcStep& next : {services_.grpcMessage(number, call.message), services_.grpcEnd(number)}) {
        step.messages.insert(step.messages.end(), next.messages.begin(), next.messages.end());
        if (next.end) step.end = next.end;
      }
      if (!step.end) return host::GrpcReply::never();
      step.end->messages.insert(step.end->messages.begin(), step.messages.begin(), step.messages.end());
      return toReply(*step.end);
    };
    played.onOpen = [this, name = service.name](host::GrpcStream& stream) {
      GrpcStep step;
      grpcStreams_[&stream.call()] = services_.openGrpc(name, methodOf(stream.call()), stream.call().metadata, step);
      perform(stream, step);
    };
    played.onMessage = [this](host::GrpcStream& stream, std::string_view message) {
      perform(stream, services_.grpcMessage(grpcStreams_.at(&stream.call()), std::string(message)));
    };
    played.onHalfClose = [this](host::GrpcStream& stream) {
      perform(stream, services_.grpcEnd(grpcStreams_.at(&stream.call())));
    };
    proxy_.addGrpcService(service.name, std::move(played));
  }

  static std::string methodOf(const host::GrpcCall& call) { return call.service + "/" + call.method; }

  static void perform(host::GrpcStream& stream, const GrpcStep& step) {
    for (const auto& message : step.messages) {
      stream.sendInitialMetadata(step.initialMetadata);
      stream.send(message);
    }
    if (step.end) stream.end(toReply(*step.end));
  }

  // What the filters' callbacks have cost so far; VMs that filters share count once.
  host::CountsByCallback counts() const {
    host::CountsByCallback sum;
    std::set<const host::CountsByCallback*> seen;
    for (const auto& plugin : plugins_) {
      if (!seen.insert(&plugin->countsByCallback()).second) continue;
      for (const auto& [callback, cost] : plugin->countsByCallback()) sum[callback] += cost;
    }
    return sum;
  }

  // Lets time pass, from one thing that is due to the next, until `done` or the `deadline`.
  template <class Done>
  void passTime(std::uint64_t deadline, const Done& done) {
    proxy_.runPending();
    while (!done() && proxy_.now() < deadline) {
      const std::chrono::nanoseconds rest(deadline - proxy_.now());
      proxy_.advance(std::min(rest, proxy_.untilNext().value_or(rest)));
    }
  }

  std::uint64_t after(std::chrono::nanoseconds time) const {
    return proxy_.now() + static_cast<std::uint64_t>(time.count());
  }

  void playExchanges(Outcome& outcome) {
    for (std::size_t i = 0; i < scenario_.exchanges.size(); ++i) {
      proxy_.advance(scenario_.exchanges[i].waitBefore);
      services_.beginExchange(i);
      outcome.exchanges.push_back(playExchange(scenario_.exchanges[i]));
    }
    for (std::size_t i = 0; i < scenario_.connections.size(); ++i) {
      proxy_.advance(scenario_.connections[i].waitBefore);
      services_.beginExchange(i);
      outcome.connections.push_back(playConnection(proxy_, plugins_, scenario_.connections[i]));
    }
    proxy_.advance(scenario_.waitAtEnd);
  }

  ExchangeOutcome playExchange(const Exchange& exchange) {
    const host::CountsByCallback before = counts();
    const std::uint64_t deadline = after(exchange.clientGivesUp.value_or(kSafetyTimeout));
    const auto stream = proxy_.openStream(plugins_);
    const auto ended = [&] { return hasEnded(*stream); };
    sendRequest(*stream, exchange.request);
    passTime(deadline, [&] { return stream->received().complete || ended(); });
    if (stream->received().complete && !ended())
      passTime(std::min(deadline, after(exchange.upstreamAnswer.delay)), ended);
    if (stream->received().complete && !ended() && proxy_.now() < deadline) answer(*stream, exchange);
    passTime(deadline, ended);
    const bool gaveUp = exchange.clientGivesUp && !ended();
    stream->close();
    proxy_.runPending();
    const host::Exchange played = stream->exchange();
    ExchangeOutcome outcome;
    if (played.request.started) {
      outcome.upstream = toMessage(played.request);
      outcome.upstreamRequests = played.request.arrivals;
    }
    if (played.response.started && played.response.complete) {
      outcome.client = toMessage(played.response);
    } else {
      outcome.error = gaveUp                  ? "the client gave up"
                      : played.response.reset ? "the stream was reset"
                                              : "the filter holds the stream back";
    }
    outcome.cost = costBetween(before, counts());
    return outcome;
  }

  static void answer(host::HttpStream& stream, const Exchange& exchange) {
    switch (exchange.upstreamAnswer.kind) {
      case Answer::Kind::kNever:
        break;
      case Answer::Kind::kReset:
        stream.upstreamReset();
        break;
      case Answer::Kind::kResponse:
      case Answer::Kind::kBreaksOff:
        sendResponse(stream, exchange.upstreamAnswer, pseudoHeader(exchange.request, ":method") == "HEAD");
        break;
    }
  }

  const Scenario& scenario_;
  PlayedServices services_;
  host::Host proxy_;
  std::vector<std::shared_ptr<host::Plugin>> plugins_;
  std::map<const host::GrpcCall*, std::size_t> grpcStreams_;  // As PlayedServices know them.
};

}  // namespace

Outcome MockPlayer::play(const Scenario& scenario) {
  Outcome outcome;
  outcome.host = "the mock host";
  try {
    Session(scenario).play(outcome);
  } catch (const host::Error& error) {
    throw PlayerError(error.what());
  }
  return outcome;
}

}  // namespace sluice::scenario
