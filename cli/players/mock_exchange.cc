#include "players/mock_exchange.h"

#include <algorithm>
#include <utility>

#include "players/http_wire.h"

namespace sluice::scenario {
namespace {

// Whether the client has the whole response, or gets no more of one. When the proxy has sent less than the response
// said, the client waits.
bool hasEnded(const host::HttpStream& stream) { return stream.answer().complete || stream.answer().reset; }

// The outcome of a request that no filter saw.
ExchangeOutcome refusedExchange(host::Message response) {
  ExchangeOutcome outcome;
  static_cast<host::Message&>(outcome.exchange.response) = std::move(response);
  outcome.exchange.response.started = true;
  outcome.exchange.response.complete = true;
  outcome.exchange.localResponse = true;
  outcome.exchange.closed = true;
  return outcome;
}

// "GET /hello" of a request, "200" of a response.
std::string firstLine(const host::Message& message) {
  const auto status = host::headerValue(message.headers, ":status");
  return status ? *status : message.header(":method") + " " + message.header(":path");
}

// What the upstream does, in a few words.
std::string describe(const host::CalloutReply& reply) {
  using Kind = host::CalloutReply::Kind;
  switch (reply.kind) {
    case Kind::ConnectionFailure:
    case Kind::ConnectionTermination:
      return "breaks the connection off";
    case Kind::Never:
      return "does not answer";
    case Kind::Reset:
    case Kind::Response:
      break;
  }
  return firstLine(reply.response);
}

// The host writes responses of HTTP/1.1. HTTP/2 frames them itself.
void takeFraming(host::Received& response) {
  std::erase_if(response.headers, [](const auto& field) { return field.first == "transfer-encoding"; });
  response.chunked = false;
}

}  // namespace

MockExchange::MockExchange(host::Host& proxy, const std::vector<std::shared_ptr<host::Plugin>>& plugins,
                           const Client& client, const ScriptedExchange& exchange, Note note)
    : proxy_(proxy),
      client_(client),
      exchange_(exchange),
      note_(std::move(note)),
      stream_(proxy.openStream(plugins)),
      deadline_(proxy.now() + static_cast<uint64_t>(
                                  std::chrono::nanoseconds(exchange.clientGivesUp.value_or(kSafetyTimeout)).count())) {
  setClientProperties(*stream_, client);
  if (auto refusal = refusalOf(exchange.request, client)) {
    stream_->close();  // Filters learn of it in on_log alone.
    outcome_ = refusedExchange(std::move(*refusal));
    return;
  }
  note_(TraceEvent::Kind::ToProxy, firstLine(exchange.request));
  pieces_ = requestPieces(*stream_, exchange.request, client);
}

bool MockExchange::sendPiece() {
  if (next_ == pieces_.size() || isOver()) return false;
  pieces_[next_++]();
  return true;
}

bool MockExchange::update() {
  if (isOver()) return false;
  const uint64_t now = proxy_.now();
  if (stream_->received().complete && !replyAt_) {
    note_(TraceEvent::Kind::ToUpstream, firstLine(stream_->received()));
    replyAt_ = now + static_cast<uint64_t>(std::chrono::nanoseconds(exchange_.upstreamReply.delay).count());
  }
  if (hasEnded(*stream_) || now >= deadline_) {
    finish();
    return true;
  }
  if (replied_ || !replyAt_ || now < *replyAt_) return false;
  replied_ = true;
  note_(TraceEvent::Kind::FromUpstream, describe(exchange_.upstreamReply));
  pieces_ = replyPieces(*stream_, exchange_.upstreamReply, stream_->received().header(":method") == "HEAD");
  next_ = 0;
  return true;
}

uint64_t MockExchange::due() const { return replyAt_ && !replied_ ? std::min(*replyAt_, deadline_) : deadline_; }

void MockExchange::finish() {
  const bool gaveUp = exchange_.clientGivesUp && !hasEnded(*stream_);
  const bool wasReset = stream_->answer().reset;
  const bool isClosed = stream_->closed();
  note_(TraceEvent::Kind::ToClient, stream_->answer().started ? firstLine(stream_->answer()) : "no response");
  stream_->close();
  proxy_.runPending();
  outcome_.emplace();
  outcome_->exchange = stream_->exchange();
  if (client_.http == 2) takeFraming(outcome_->exchange.response);
  if (outcome_->exchange.response.complete) return;
  outcome_->error = gaveUp     ? "the client gave up"
                    : wasReset ? "the stream was reset"
                    : isClosed ? "the client waits for the rest of the response"
                               : "the filter holds the stream back";
}

}  // namespace sluice::scenario
