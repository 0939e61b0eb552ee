// Scripts for the script filter. A test or a scenario writes one as the filter's configuration, and the filter runs it.
//
// A script's line is `callback step arguments…`:
//
//     request_headers  requestHeaders.add x-seen yes     in each call of the callback
//     request_body@2   getbody reqb 0 100                in the second call only
//     request_body$    setbody reqb 0 100 END            in the call that has the end of the stream
//     response_headers return 1                          what the callback returns
//     request_headers  script x-script                   runs a script of this stream alone: the value of the request
//                                                        header x-script, with semicolons between the lines
//
// Spaces separate words. In a word, `\s` is a space, `\n` a newline, `\xNN` any byte, and `\` before any other
// character is that character; `""` is an empty word. A line that starts with `#` is a comment.
//
// A module of the filter knows one of two sets of steps:
//  - sdk/: calls of the SDK, under their C++ names. Each logs `step = value` or `step: status`.
//  - hostcalls/: single hostcalls, under short names in lower case. They pass by the SDK, with all that it checks and
//    refuses, so that a scenario sees what the host itself answers. Each logs `callback: step arguments -> status
//    value`, and each callback of a stream or a connection is logged as well.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "callbacks.h"

namespace sluice::testing {

/// A step that the filter takes in `callback`. The callback has its SDK name: "onRequestHeaders"; for the root context
/// "onConfigure", "root.onDone" …
struct ScriptCall {
  std::string callback;
  std::string function;
  std::vector<std::string> arguments = {};
};

/// `text` as a word of a script.
inline std::string scriptWord(std::string_view text) {
  if (text.empty()) return "\"\"";
  std::string word;
  for (const char c : text) {
    if (c == ' ') {
      word += "\\s";
    } else if (c == '\n') {
      word += "\\n";
    } else {
      if (c == '\\' || c == '"') word += '\\';
      word += c;
    }
  }
  return word;
}

/// The script as the filter's configuration.
inline std::string scriptText(const std::vector<ScriptCall>& calls) {
  std::string text;
  for (const auto& call : calls) {
    std::string_view word = call.callback;
    for (const auto& callback : script::kCallbacks) {
      if (callback.name == call.callback) word = callback.word;
    }
    text += std::string(word) + ' ' + scriptWord(call.function);
    for (const auto& argument : call.arguments) text += ' ' + scriptWord(argument);
    text += '\n';
  }
  return text;
}

/// One call of each SDK function that the script filter knows, except those that trap by design. The calls have no
/// callback.
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
