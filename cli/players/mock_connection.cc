#include "players/mock_connection.h"

#include <algorithm>

#include "players/client_properties.h"
#include "sluice/host/tcp_stream.h"

namespace sluice::scenario {
namespace {

// Returns false when the step is the upstream's and the upstream is not connected.
bool play(host::Host& proxy, host::TcpStream& stream, const TcpStep& step) {
  if (step.who == TcpStep::Who::Nobody) {
    proxy.advance(step.time);
    return true;
  }
  const bool isClient = step.who == TcpStep::Who::Client;
  if (!isClient && !stream.connected()) return false;
  const auto send = [&](std::string_view bytes, bool end) {
    if (stream.closed()) return;  // The peer no longer reads.
    if (isClient) {
      stream.downstreamData(bytes, end);
    } else {
      stream.upstreamData(bytes, end);
    }
    proxy.runPending();
  };
  switch (step.what) {
    case TcpStep::What::Sends:
      for (const auto& piece : step.pieces) send(piece, false);
      break;
    case TcpStep::What::Ends:
      send("", true);
      break;
    case TcpStep::What::BreaksOff:
      if (stream.closed()) break;
      if (isClient) {
        stream.downstreamClose();
      } else {
        stream.upstreamClose();
      }
      break;
    case TcpStep::What::Wait:
      break;
  }
  return true;
}

/// Whether a step of the connection ends this side.
bool ends(const ScriptedConnection& connection, TcpStep::Who who) {
  return std::any_of(connection.steps.begin(), connection.steps.end(),
                     [&](const TcpStep& step) { return step.who == who && step.what == TcpStep::What::Ends; });
}

/// Whether a step resets the connection while it is open. The end that does so sees no end.
bool resets(const host::TcpStream& stream, const TcpStep& step, TcpStep::Who who) {
  return step.who == who && step.what == TcpStep::What::BreaksOff && !stream.closed();
}

host::TcpReceived received(host::TcpReceived got, bool closed) {
  got.ended = got.ended || closed;
  return got;
}

}  // namespace

ConnectionOutcome playConnection(host::Host& proxy, const std::vector<std::shared_ptr<host::Plugin>>& plugins,
                                 const Client& client, const ScriptedConnection& connection) {
  ConnectionOutcome outcome;
  for (const auto& [path, value] : clientProperties(client)) proxy.setProperty(path, value);
  const auto stream = proxy.openTcpStream(plugins);
  proxy.runPending();
  bool clientResets = false;
  bool upstreamResets = false;
  for (size_t i = 0; i < connection.steps.size() && outcome.error.empty(); ++i) {
    clientResets = clientResets || resets(*stream, connection.steps[i], TcpStep::Who::Client);
    upstreamResets = upstreamResets || resets(*stream, connection.steps[i], TcpStep::Who::Upstream);
    if (!play(proxy, *stream, connection.steps[i])) {
      outcome.error = "at step " + std::to_string(i + 1) + " the upstream is not connected";
    }
  }
  outcome.client = received(stream->answer(), stream->closed() && !clientResets);
  if (stream->connected()) {
    outcome.upstream = received(stream->received(), stream->closed() && !upstreamResets);
  }
  // Ends both sides, the upstream once it has seen the client's end. Then resets a connection that is still open.
  if (!stream->closed() && !ends(connection, TcpStep::Who::Client)) stream->downstreamData("", true);
  const bool upstreamEnds = !ends(connection, TcpStep::Who::Upstream) && stream->received().ended;
  if (!stream->closed() && stream->connected() && upstreamEnds) stream->upstreamData("", true);
  proxy.runPending();
  if (!stream->closed() && stream->connected()) stream->upstreamClose();
  if (!stream->closed()) stream->downstreamClose();
  outcome.client.chunks = stream->answer().chunks;
  if (outcome.upstream) outcome.upstream->chunks = stream->received().chunks;
  return outcome;
}

}  // namespace sluice::scenario
