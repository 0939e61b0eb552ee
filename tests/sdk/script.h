// What a test makes the script filter (script/) do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::testing {

/// A call that the filter is to make in `callback` ("onRequestHeaders"; of the root "onConfigure", "root.onDone" …).
struct ScriptCall {
  std::string callback;
  std::string function;
  std::vector<std::string> arguments = {};
};

/// The callbacks in which a script can make calls.
inline constexpr std::string_view kScriptCallbacks[] = {
    "onStart",
    "onConfigure",
    "onTick",
    "root.onDone",
    "root.onLog",
    "root.onDelete",
    "onCreate",
    "onRequestHeaders",
    "onRequestBody",
    "onRequestTrailers",
    "onDone",
    "onLog",
    "onResponseHeaders",
    "onResponseBody",
    "onDelete",
    "onResponseTrailers",
    "onRequestMetadata",
    "onResponseMetadata",
    "onQueueReady",
    "onForeignFunction",
    "onNewConnection",
    "onDownstreamData",
    "onUpstreamData",
    "onDownstreamConnectionClose",
    "onUpstreamConnectionClose",
    "onReply",
    "root.onReply",
};

/// The script as the filter's configuration.
inline std::string scriptText(const std::vector<ScriptCall>& calls) {
  std::string text;
  for (const auto& call : calls) {
    text += call.callback + '\x1f' + call.function;
    for (const auto& argument : call.arguments) text += '\x1f' + argument;
    text += '\x1e';
  }
  return text;
}

/// A call of each function of the SDK that the script filter knows, but for those that trap by design; without
/// callbacks.
inline std::vector<ScriptCall> scriptOfEverything() {
  std::vector<ScriptCall> calls = {
      {"", "getProperty", {}},
      {"", "getProperty", {"request", "path"}},
      {"", "getTypedProperty", {}},
      {"", "setProperty", {"value", "own", "property"}},
      {"", "propertyPath", {}},
      {"", "log", {"2", "a line"}},
      {"", "logEach", {"text"}},
      {"", "logNumbers", {}},
      {"", "logTexts", {}},
      {"", "logEnums", {}},
      {"", "logNothing", {}},
      {"", "logLong", {"2000"}},
      {"", "logStatus", {"-2147483648"}},
      {"", "logStatus", {"2147483647"}},
      {"", "logEnabled", {"2"}},
      {"", "warnUnlessOk", {"1", "a call"}},
      {"", "setTickPeriod", {"100"}},
      {"", "currentTime", {}},
      {"", "configuration", {}},
      {"", "vmConfiguration", {}},
      {"", "results", {}},
      {"", "continueRequest", {}},
      {"", "continueResponse", {}},
      {"", "sendLocalResponse", {"403", "body", "details", "7", "name", "value"}},
      {"", "sendBareLocalResponse", {"404"}},
      {"", "stream.maps", {}},
      {"", "keepView", {"name"}},
      {"", "getSharedData", {"bytes"}},
      {"", "getShared64", {"number"}},
      {"", "setSharedData", {"bytes", "value"}},
      {"", "setShared32", {"small number", "-2", "1"}},
      {"", "addShared64", {"number", "3"}},
      {"", "addWithOthers", {"number", "1"}},
      {"", "appendShared", {"bytes", "more"}},
      {"", "updateGivesUp", {"bytes"}},
      {"", "registerSharedQueue", {"queue"}},
      {"", "resolveSharedQueue", {"queue"}},
      {"", "resolveSharedQueue", {"queue", "vm"}},
      {"", "enqueue", {"1", "value"}},
      {"", "dequeue", {"1"}},
      {"", "callForeignFunction", {"function"}},
      {"", "callForeignFunction", {"function", "arguments"}},
      {"", "counter.increment", {}},
      {"", "counter.increment", {"0"}},
      {"", "counter.get", {}},
      {"", "gauge.record", {"7"}},
      {"", "gauge.increment", {"-1"}},
      {"", "gauge.get", {}},
      {"", "histogram.record", {"7"}},
      {"", "nameless.increment", {}},
      {"", "tagged.increment", {"a", "b"}},
      {"", "tagged.get", {"c", "d"}},
      {"", "taggedGauge.record", {"value", "7"}},
      {"", "taggedHistogram.record", {"value", "7"}},
      {"", "foreignFunctionArguments", {}},
      {"", "calloutStatus", {}},
      {"", "done", {}},
      {"", "asLatest", {"continueRequest"}},
      {"", "asLatest", {"requestHeaders.add", "name", "value"}},
      {"", "connection.buffers", {}},
      {"", "continueDownstream", {}},
      {"", "continueUpstream", {}},
      {"", "closeDownstream", {}},
      {"", "closeUpstream", {}},
      {"", "closeRequest", {}},
      {"", "closeResponse", {}},
      {"", "httpCall", {"service"}},
      {"", "httpCall", {"service", "100", "body", "name", "value", ":path", "/"}},
      {"", "reply.ok", {}},
      {"", "reply.error", {}},
      {"", "reply.errorMessage", {}},
      {"", "reply.statusCode", {}},
      {"", "reply.header", {"name"}},
      {"", "reply.headers", {}},
      {"", "reply.body", {}},
      {"", "reply.trailers", {}},
      {"", "reply.keep", {}},
      {"", "start.inTurn", {"service", "other"}},
      {"", "start.together", {"service", "other"}},
      {"", "start.nobody", {}},
      {"", "run.inTurn", {"service", "other"}},
      {"", "run.together", {"service", "other", "unknown"}},
      {"", "run.together", {}},
      {"", "run.nobody", {}},
      {"", "return", {"1"}},
      {"", "return", {"2"}},
      {"", "return", {"0"}},
  };
  for (const auto* map : {"requestHeaders", "requestTrailers", "responseHeaders", "responseTrailers"}) {
    const auto name = [map](const char* method) { return std::string(map) + '.' + method; };
    calls.push_back({"", name("get"), {"name"}});
    calls.push_back({"", name("getAll"), {}});
    calls.push_back({"", name("find"), {"name"}});
    calls.push_back({"", name("add"), {"name", "value"}});
    calls.push_back({"", name("replace"), {"name", "value"}});
    calls.push_back({"", name("remove"), {"name"}});
    calls.push_back({"", name("setAll"), {"name", "value", "other", ""}});
    calls.push_back({"", name("setAllInBraces"), {"value"}});
    calls.push_back({"", name("setAllFromViews"), {"other"}});
    calls.push_back({"", name("byteSize"), {}});
  }
  for (const auto* buffer : {"requestBody", "responseBody", "configuration", "downstreamData", "upstreamData"}) {
    const auto name = [buffer](const char* method) { return std::string(buffer) + '.' + method; };
    calls.push_back({"", name("size"), {}});
    calls.push_back({"", name("get"), {"1", "3"}});
    calls.push_back({"", name("getAll"), {}});
    calls.push_back({"", name("getMutable"), {"1", "3"}});
    calls.push_back({"", name("upperCase"), {}});
    calls.push_back({"", name("replace"), {"new"}});
    calls.push_back({"", name("append"), {"more"}});
    calls.push_back({"", name("prepend"), {"first"}});
    calls.push_back({"", name("drain"), {"2"}});
    calls.push_back({"", name("set"), {"1", "2", "x"}});
  }
  return calls;
}

}  // namespace sluice::testing
