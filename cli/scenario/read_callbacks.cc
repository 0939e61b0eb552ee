#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/read.h"
#include "scenario/read_text.h"

namespace sluice::scenario {
namespace {

// The callbacks of stream contexts that return an action.
constexpr std::string_view kWithAction[] = {"on_new_connection",    "on_downstream_data",  "on_upstream_data",
                                            "on_request_headers",   "on_request_body",     "on_request_trailers",
                                            "on_request_metadata",  "on_response_headers", "on_response_body",
                                            "on_response_trailers", "on_response_metadata"};
// Their other callbacks, and those of root contexts, which belong to no exchange.
constexpr std::string_view kOfStreams[] = {"on_done", "on_log", "on_delete", "on_downstream_connection_close",
                                           "on_upstream_connection_close"};
constexpr std::string_view kOfRoots[] = {"on_context_create",
                                         "on_tick",
                                         "on_queue_ready",
                                         "on_http_call_response",
                                         "on_grpc_receive_initial_metadata",
                                         "on_grpc_receive",
                                         "on_grpc_receive_trailing_metadata",
                                         "on_grpc_close",
                                         "on_foreign_function"};
constexpr std::string_view kActions[] = {"Continue",
                                         "StopIteration",
                                         "ContinueAndEndStream",
                                         "StopIterationAndBuffer",
                                         "StopIterationAndWatermark",
                                         "StopAllIterationAndBuffer",
                                         "StopAllIterationAndWatermark"};

bool has(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string readAction(const YamlNode& node) {
  std::string action = node.text();
  if (!has(kActions, action)) {
    node.fail("unknown action '" + action + "'" + didYouMean(action, kActions) + "; actions: " + listed(kActions));
  }
  return action;
}

// A number, an action, or a list of actions.
void readCalls(const YamlNode& node, bool mayBeActions, CallbackExpectation& expectation) {
  if (mayBeActions && node.isSequence()) {
    for (const auto& item : node.items("action")) expectation.actions.push_back(readAction(item));
    if (expectation.actions.empty()) node.fail("'" + node.what() + "' lists no action; write 0 for no call");
  } else if (mayBeActions && node.isScalar() && !node.isNumber()) {
    expectation.actions = {readAction(node)};
  } else {
    expectation.count = node.number(0, UINT32_MAX);
  }
}

}  // namespace

std::vector<CallbackExpectation> readCallbackExpectations(const YamlNode& node, bool ofOneStream) {
  std::vector<std::string_view> known(std::begin(kWithAction), std::end(kWithAction));
  known.insert(known.end(), std::begin(kOfStreams), std::end(kOfStreams));
  if (!ofOneStream) known.insert(known.end(), std::begin(kOfRoots), std::end(kOfRoots));
  node.checkKeys(known);
  std::vector<CallbackExpectation> expectations;
  for (const auto& [name, value] : node.entries()) {
    CallbackExpectation& expectation = expectations.emplace_back();
    expectation.name = name;
    expectation.line = value.line();
    readCalls(value, ofOneStream && has(kWithAction, name), expectation);
  }
  return expectations;
}

std::vector<SharedDataExpectation> readSharedDataExpectations(const YamlNode& node) {
  std::vector<SharedDataExpectation> expectations;
  for (const auto& [key, value] : node.entries()) {
    SharedDataExpectation& expectation = expectations.emplace_back();
    expectation.key = key;
    expectation.line = value.line();
    if (value.isMapping()) value.checkKeys({"absent", "contains", "matches", "size", "repeat", "times", "base64"});
    if (value.isMapping() && value.find("absent")) {
      const bool isAlone = value.entries().size() == 1;
      if (!isAlone || !value.find("absent")->boolean()) value.fail("'absent' can only be true, and stands alone");
    } else {
      expectation.value = readMatcher(value);
    }
  }
  return expectations;
}

}  // namespace sluice::scenario
