// Callouts. The root context gets each reply and passes it to the calling context as the event "reply".
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
  std::string cluster;
};
std::map<uint32_t, Caller> callers;  // By call id.

// call CLUSTER METHOD PATH BODY TIMEOUT name=value…
Status makeHttpCall(const Call& call, const Place& place) {
  const std::string cluster(call.text(0));
  const auto body = call.text(3);
  const auto list = serialize(
      call, 5, {":method=" + std::string(call.text(1)), ":path=" + std::string(call.text(2)), ":authority=" + cluster});
  uint32_t id = 0;
  const auto status = abi::proxy_http_call(cluster.data(), cluster.size(), list.data(), list.size(), body.data(),
                                           body.size(), nullptr, 0, call.number<uint32_t>(4), &id);
  if (status == Status::Ok) callers[id] = {&place.root, place.context, cluster};
  return status;
}

}  // namespace

// Needs external linkage to be exported.
void onHttpCallResponse(uint32_t, uint32_t id, uint32_t headers, size_t body, uint32_t trailers) {
  const sluice::internal::CallbackScope scope;
  const auto found = callers.find(id);
  if (found == callers.end()) return;
  const Caller caller = found->second;
  callers.erase(found);
  const auto status = abi::proxy_set_effective_context(caller.context);
  sluice::logInfo("reply of ", caller.cluster, headers > 0 ? " with" : " without", " headers, ", body, " bytes, ",
                  trailers, " trailers; caller ", status == Status::Ok ? "is there" : "is gone");
  caller.root->run(callback("onReply"), {*caller.root, caller.context, nullptr, nullptr, 0});
}

static const sluice::internal::Export_proxy_on_http_call_response<&onHttpCallResponse> exported;

// call …, status
std::optional<Status> callHttp(const Call& call, const Place& place, std::string& result) {
  if (call.function == "call") return makeHttpCall(call, place);
  if (call.function != "status") return std::nullopt;
  uint32_t code = 0;
  const char* data = nullptr;
  size_t size = 0;
  const auto status = abi::proxy_get_status(&code, &data, &size);
  if (status == Status::Ok) result = " " + std::to_string(code) + show({data, size});
  return status;
}

}  // namespace script
