#include "players/mock_services.h"

#include <string_view>
#include <utility>

#include "players/mock_http.h"

namespace sluice::scenario {
namespace {

void perform(host::GrpcStream& stream, const GrpcStep& step) {
  for (const auto& message : step.messages) {
    stream.sendInitialMetadata(step.initialMetadata);
    stream.send(message);
  }
  if (step.end) stream.end(*step.end);
}

host::GrpcService unreachableGrpcService() {
  host::GrpcService nobody;
  nobody.onCall = [](const host::GrpcCall&) { return host::GrpcReply::connectionFailure(); };
  nobody.onOpen = [](host::GrpcStream& stream) { stream.end(host::GrpcReply::connectionFailure()); };
  return nobody;
}

}  // namespace

MockServices::MockServices(host::Host& proxy, const Scenario& scenario, PlayedServices& played)
    : proxy_(proxy), played_(played) {
  for (const auto& service : scenario.services) addCluster(service);
  for (const auto& service : scenario.grpcServices) addGrpcService(service);
}

void MockServices::reportCanceled() {
  for (const auto& stream : proxy_.grpcStreams()) {
    // A service that cannot be reached sees no streams.
    const auto number = streams_.find(&stream->call());
    if (stream->canceled() && number != streams_.end()) played_.grpcCanceled(number->second);
  }
  for (const auto& call : proxy_.grpcCalls()) {
    const auto number = calls_.find(call.id);
    if (call.canceled && number != calls_.end()) played_.grpcCanceled(number->second);
  }
}

void MockServices::addCluster(const ScriptedService& service) {
  if (service.unreachable) return proxy_.addCluster(service.name, host::CalloutReply::connectionFailure());
  proxy_.addCluster(service.name, [this](const host::Callout& callout) {
    const size_t number = played_.arrive(callout.cluster, {callout.request, true});
    host::CalloutReply reply = played_.complete(number, {callout.request, true, true});
    const bool isWhole = reply.kind != host::CalloutReply::Kind::Reset;
    reply.response.headers = isWhole ? responseHeaders(reply.response) : brokenOffHeaders(reply.response);
    return reply;
  });
}

void MockServices::addGrpcService(const ScriptedGrpcService& service) {
  if (service.unreachable) return proxy_.addGrpcService(service.name, unreachableGrpcService());
  host::GrpcService played;
  played.onCall = [this](const host::GrpcCall& call) { return answer(call); };
  played.onOpen = [this](host::GrpcStream& stream) {
    GrpcStep step;
    streams_[&stream.call()] = played_.openGrpc(stream.call(), step);
    perform(stream, step);
  };
  played.onMessage = [this](host::GrpcStream& stream, std::string_view message) {
    perform(stream, played_.grpcMessage(streams_.at(&stream.call()), std::string(message)));
  };
  played.onHalfClose = [this](host::GrpcStream& stream) {
    perform(stream, played_.grpcEnd(streams_.at(&stream.call())));
  };
  proxy_.addGrpcService(service.name, std::move(played));
}

// Everything that the service sends in answer to a unary call, as one reply.
host::GrpcReply MockServices::answer(const host::GrpcCall& call) {
  GrpcStep step;
  const size_t number = played_.openGrpc(call, step);
  calls_[call.id] = number;
  for (const GrpcStep& next : {played_.grpcMessage(number, call.message), played_.grpcEnd(number)}) {
    step.messages.insert(step.messages.end(), next.messages.begin(), next.messages.end());
    if (next.end) step.end = next.end;
  }
  if (!step.end) return host::GrpcReply::never();
  step.end->messages.insert(step.end->messages.begin(), step.messages.begin(), step.messages.end());
  return *step.end;
}

}  // namespace sluice::scenario
