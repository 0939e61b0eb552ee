#include "../connection.h"
#include "../contexts.h"
#include "steps.h"

using namespace sluice;

namespace script {

namespace {

bool callStream(const Call& call, Stream& stream) {
  if (call.function == "continueRequest") {
    call.report(stream.continueRequest());
  } else if (call.function == "continueResponse") {
    call.report(stream.continueResponse());
  } else if (call.function == "closeRequest") {
    call.report(stream.closeRequest());
  } else if (call.function == "closeResponse") {
    call.report(stream.closeResponse());
  } else if (call.function == "sendLocalResponse") {
    call.report(stream.sendLocalResponse({.status = call.number<uint32_t>(0),
                                          .details = call.text(2),
                                          .body = call.text(1),
                                          .headers = call.headers(4),
                                          .grpcStatus = static_cast<GrpcStatus>(call.number<int>(3, -1))}));
  } else if (call.function == "sendBareLocalResponse") {
    call.report(stream.sendLocalResponse(call.number<uint32_t>(0)));
  } else if (call.function == "stream.maps") {
    // Uses the context's accessors; the other functions make their own HeaderMap.
    call.report(stream.requestHeaders().byteSize());
    call.report(stream.requestTrailers().byteSize());
    call.report(stream.responseHeaders().byteSize());
    call.report(stream.responseTrailers().byteSize());
    call.report(stream.requestBody().size());
    call.report(stream.responseBody().size());
  } else if (call.function == "keepView") {
    stream.keptView = stream.requestHeaders().get(call.text(0)).valueOr({});
  } else if (call.function == "useView") {
    call.reportValue(stream.keptView);
  } else {
    return false;
  }
  return true;
}

// A call that a root context makes with its latest stream as the effective context.
bool callAsLatest(const Call& call, Stream& stream) {
  const EffectiveContext effective(stream);
  call.report(effective.status());
  Call inner = call;
  inner.function = call.text(0);
  inner.arguments.erase(inner.arguments.begin());
  return callHeaderMap(inner) || callStream(inner, stream);
}

}  // namespace

bool callConnection(const Call& call, Connection& connection) {
  if (call.function == "continueDownstream") {
    call.report(connection.continueDownstream());
  } else if (call.function == "continueUpstream") {
    call.report(connection.continueUpstream());
  } else if (call.function == "closeDownstream") {
    call.report(connection.closeDownstream());
  } else if (call.function == "closeUpstream") {
    call.report(connection.closeUpstream());
  } else if (call.function == "connection.buffers") {
    // Uses the context's accessors; the other functions make their own Buffer.
    call.report(connection.downstreamData().size());
    call.report(connection.upstreamData().size());
  } else {
    return false;
  }
  return true;
}

bool callContext(const Call& call, Place& place) {
  if (call.function == "setTickPeriod") {
    call.report(place.root.setTickPeriod(std::chrono::milliseconds(call.number(0))));
  } else if (call.function == "currentTime") {
    const auto time = currentTime();
    if (time.ok())
      call.reportValue(time->time_since_epoch().count());
    else
      call.report(time.status());
  } else if (call.function == "configuration") {
    call.report(place.root.configuration());
  } else if (call.function == "vmConfiguration") {
    call.report(place.root.vmConfiguration());
  } else if (call.function == "foreignFunctionArguments") {
    call.report(place.root.foreignFunctionArguments());
  } else if (call.function == "done") {
    call.report(place.root.done());
  } else if (call.function == "calloutStatus") {
    const auto status = calloutStatus();
    if (status.ok())
      logInfo("calloutStatus = ", status->code, ' ', status->message);
    else
      call.report(status.status());
  } else if (call.function == "asLatest" && place.root.latest != nullptr && !call.arguments.empty()) {
    return callAsLatest(call, *place.root.latest);
  } else if (place.stream != nullptr) {
    return callStream(call, *place.stream);
  } else if (place.connection != nullptr) {
    return callConnection(call, *place.connection);
  } else {
    return false;
  }
  return true;
}

}  // namespace script
