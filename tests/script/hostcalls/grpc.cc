// gRPC calls and streams. The root context gets whatever arrives and passes it to the calling context as one of the
// events grpc_initial, grpc_message, grpc_trailing, grpc_close.
#include <map>
#include <string>

#include "../contexts.h"
#include "hostcalls.h"

namespace script {
namespace {

namespace abi = sluice::abi;
using sluice::Status;

struct Caller {
  Root* root;
  uint32_t context;
};
std::map<uint32_t, Caller> callers;   // By call id.
std::map<std::string, uint32_t> ids;  // By the names that the script gives streams.

// gcall CLUSTER SERVICE METHOD MESSAGE TIMEOUT name=value…
Status makeGrpcCall(const Call& call, const Place& place) {
  const auto cluster = call.text(0);
  const auto service = call.text(1);
  const auto method = call.text(2);
  const auto message = call.text(3);
  const auto metadata = serialize(call, 5);
  uint32_t id = 0;
  const auto status = abi::proxy_grpc_call(cluster.data(), cluster.size(), service.data(), service.size(),
                                           method.data(), method.size(), metadata.data(), metadata.size(),
                                           message.data(), message.size(), call.number<uint32_t>(4), &id);
  if (status == Status::Ok) callers[id] = {&place.root, place.context};
  return status;
}

// gopen NAME CLUSTER SERVICE METHOD name=value…
Status openStream(const Call& call, const Place& place) {
  const auto cluster = call.text(1);
  const auto service = call.text(2);
  const auto method = call.text(3);
  const auto metadata = serialize(call, 4);
  uint32_t id = 0;
  const auto status = abi::proxy_grpc_stream(cluster.data(), cluster.size(), service.data(), service.size(),
                                             method.data(), method.size(), metadata.data(), metadata.size(), &id);
  if (status == Status::Ok) callers[id] = {&place.root, place.context};
  ids[std::string(call.text(0))] = id;
  return status;
}

void happen(const Callback& event, uint32_t id, const std::string& detail) {
  const sluice::internal::CallbackScope scope;
  const auto found = callers.find(id);
  if (found == callers.end()) return;
  const Caller caller = found->second;
  const bool there = abi::proxy_set_effective_context(caller.context) == Status::Ok;
  sluice::logInfo(event.word, " ", detail, there ? "" : ", caller is gone");
  caller.root->run(event, {*caller.root, caller.context, nullptr, nullptr, 0});
}

}  // namespace

// These need external linkage to be exported.
void onInitialMetadata(uint32_t, uint32_t id, uint32_t count) {
  happen(callback("onGrpcInitialMetadata"), id, std::to_string(count));
}
void onMessage(uint32_t, uint32_t id, size_t size) { happen(callback("onGrpcMessage"), id, std::to_string(size)); }
void onTrailingMetadata(uint32_t, uint32_t id, uint32_t count) {
  happen(callback("onGrpcTrailingMetadata"), id, std::to_string(count));
}
void onClose(uint32_t, uint32_t id, sluice::GrpcStatus status) {
  happen(callback("onGrpcClose"), id, std::string(toString(status)));
  callers.erase(id);
}
static const sluice::internal::Export_proxy_on_grpc_receive_initial_metadata<&onInitialMetadata> exportedInitial;
static const sluice::internal::Export_proxy_on_grpc_receive<&onMessage> exportedMessage;
static const sluice::internal::Export_proxy_on_grpc_receive_trailing_metadata<&onTrailingMetadata> exportedTrailing;
static const sluice::internal::Export_proxy_on_grpc_close<&onClose> exportedClose;

// gcall …, gopen …, gsend NAME MESSAGE, gfinish NAME MESSAGE (the last one), gclose NAME, gcancel NAME
std::optional<Status> callGrpc(const Call& call, const Place& place) {
  const auto op = call.function;
  if (op == "gcall") return makeGrpcCall(call, place);
  if (op == "gopen") return openStream(call, place);
  if (op != "gsend" && op != "gfinish" && op != "gclose" && op != "gcancel") return std::nullopt;
  const uint32_t id = ids[std::string(call.text(0))];
  if (op == "gclose") return abi::proxy_grpc_close(id);
  if (op == "gcancel") return abi::proxy_grpc_cancel(id);
  const auto message = call.text(1);
  return abi::proxy_grpc_send(id, message.data(), message.size(), op == "gfinish" ? 1 : 0);
}

}  // namespace script
