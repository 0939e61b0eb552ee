// Callouts. A reply comes to the root context; here it becomes an event of the context that made the call.
#include <map>

#include "probe.h"

namespace probe {
namespace {

namespace abi = sluice::abi;
using sluice::Status;

struct Caller {
  uint32_t context;
  std::string name;  // The cluster, or the cluster and the method.
};
std::map<uint32_t, Caller> callers;    // By call id.
std::map<uint32_t, uint32_t> replies;  // How many each context has got.

// call CLUSTER METHOD PATH BODY TIMEOUT name=value…
Status httpCall(const Words& words) {
  Words headers = {":method=" + words[2], ":path=" + words[3], ":authority=" + words[1]};
  headers.insert(headers.end(), words.begin() + 6, words.end());
  const auto list = serialize(headers, 0);
  uint32_t id = 0;
  const auto status = abi::proxy_http_call(words[1].data(), words[1].size(), list.data(), list.size(), words[4].data(),
                                           words[4].size(), nullptr, 0, parseNumber(words[5]), &id);
  if (status == Status::Ok) callers[id] = {currentContext(), words[1]};
  return status;
}

}  // namespace

// External linkage, or the export would be nobody's.
void onHttpCallResponse(uint32_t, uint32_t id, uint32_t headers, size_t body, uint32_t trailers) {
  const sluice::internal::CallbackScope scope;
  const auto found = callers.find(id);
  if (found == callers.end()) return;
  const Caller caller = found->second;
  callers.erase(found);
  const auto status = abi::proxy_set_effective_context(caller.context);
  sluice::logInfo("reply of ", caller.name, headers > 0 ? " with" : " without", " headers, ", decimal(body), " bytes, ",
                  decimal(trailers), " trailers; caller ", status == Status::Ok ? "is there" : "is gone");
  handle(caller.context, "reply", ++replies[caller.context], false);
}

static const sluice::internal::Export_proxy_on_http_call_response<&onHttpCallResponse> exported;

std::optional<Status> performCall(const Words& words, std::string& result) {
  if (words[0] == "call") return httpCall(words);
  if (words[0] != "status") return std::nullopt;
  uint32_t code = 0;
  const char* data = nullptr;
  size_t size = 0;
  const auto status = abi::proxy_get_status(&code, &data, &size);
  if (status == Status::Ok) result = " " + decimal(code) + show({data, size});
  return status;
}

}  // namespace probe
