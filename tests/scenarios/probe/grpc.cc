// gRPC calls and streams. What arrives comes to the root context; here it becomes an event of the context that opened
// the call: grpc_initial, grpc_message, grpc_trailing, grpc_close.
#include <map>

#include "probe.h"

namespace probe {
namespace {

namespace abi = sluice::abi;
using sluice::Status;

std::map<uint32_t, uint32_t> callers;                         // Contexts by call id.
std::map<std::pair<uint32_t, std::string>, uint32_t> events;  // How many of each a context has seen.
std::map<std::string, uint32_t> ids;                          // By the names that the script gives streams.

// gcall CLUSTER SERVICE METHOD MESSAGE TIMEOUT name=value…
Status call(const Words& words) {
  const auto metadata = serialize(words, 6);
  uint32_t id = 0;
  const auto status = abi::proxy_grpc_call(words[1].data(), words[1].size(), words[2].data(), words[2].size(),
                                           words[3].data(), words[3].size(), metadata.data(), metadata.size(),
                                           words[4].data(), words[4].size(), parseNumber(words[5]), &id);
  if (status == Status::Ok) callers[id] = currentContext();
  return status;
}

// gopen NAME CLUSTER SERVICE METHOD name=value…
Status open(const Words& words) {
  const auto metadata = serialize(words, 5);
  uint32_t id = 0;
  const auto status = abi::proxy_grpc_stream(words[2].data(), words[2].size(), words[3].data(), words[3].size(),
                                             words[4].data(), words[4].size(), metadata.data(), metadata.size(), &id);
  if (status == Status::Ok) callers[id] = currentContext();
  ids[words[1]] = id;
  return status;
}

void happen(const char* event, uint32_t id, const std::string& detail) {
  const sluice::internal::CallbackScope scope;
  const auto found = callers.find(id);
  if (found == callers.end()) return;
  const uint32_t context = found->second;
  const bool there = abi::proxy_set_effective_context(context) == Status::Ok;
  sluice::logInfo(event, " ", detail, there ? "" : ", caller is gone");
  handle(context, event, ++events[{context, event}], false);
}

}  // namespace

// External linkage, or the exports would be nobody's.
void onInitialMetadata(uint32_t, uint32_t id, uint32_t count) { happen("grpc_initial", id, decimal(count)); }
void onMessage(uint32_t, uint32_t id, size_t size) { happen("grpc_message", id, decimal(size)); }
void onTrailingMetadata(uint32_t, uint32_t id, uint32_t count) { happen("grpc_trailing", id, decimal(count)); }
void onClose(uint32_t, uint32_t id, sluice::GrpcStatus status) {
  happen("grpc_close", id, std::string(toString(status)));
  callers.erase(id);
}
static const sluice::internal::Export_proxy_on_grpc_receive_initial_metadata<&onInitialMetadata> exportedInitial;
static const sluice::internal::Export_proxy_on_grpc_receive<&onMessage> exportedMessage;
static const sluice::internal::Export_proxy_on_grpc_receive_trailing_metadata<&onTrailingMetadata> exportedTrailing;
static const sluice::internal::Export_proxy_on_grpc_close<&onClose> exportedClose;

// gcall …, gopen …, gsend NAME MESSAGE, gfinish NAME MESSAGE (the last one), gclose NAME, gcancel NAME
std::optional<Status> performGrpc(const Words& words, std::string&) {
  if (words[0] == "gcall") return call(words);
  if (words[0] == "gopen") return open(words);
  if (words[0] == "gsend" || words[0] == "gfinish") {
    return abi::proxy_grpc_send(ids[words[1]], words[2].data(), words[2].size(), words[0] == "gfinish" ? 1 : 0);
  }
  if (words[0] == "gclose") return abi::proxy_grpc_close(ids[words[1]]);
  if (words[0] == "gcancel") return abi::proxy_grpc_cancel(ids[words[1]]);
  return std::nullopt;
}

}  // namespace probe
