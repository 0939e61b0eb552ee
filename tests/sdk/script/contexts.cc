// A filter that does what a test says: in each callback it makes the calls of the SDK that its configuration lists, and
// logs what they answer. The test's side is script.h one folder up; filters/script_*.cc register it, for HTTP or TCP.
#include "contexts.h"

#include "sluice/sluice.h"

using namespace sluice;

namespace script {

void Call::reportValue(const HeaderPairs& pairs) const {
  std::string text = std::to_string(pairs.size());
  for (const auto header : pairs) text.append(" ").append(header.name).append("=").append(header.value);
  reportText(text);
}

void Root::onCreate() { logTrace("root ", id(), ": onCreate"); }

bool Root::onStart(size_t size) {
  logTrace("root ", id(), ": onStart ", size);
  addScript(vmConfiguration().valueOr({}));
  return run("onStart", nullptr, 1) != 0;
}

bool Root::onConfigure(size_t size) {
  logTrace("root ", id(), ": onConfigure ", size);
  addScript(configuration().valueOr({}));
  return run("onConfigure", nullptr, 1) != 0;
}

void Root::onTick() {
  logTrace("root ", id(), ": onTick");
  run("onTick", nullptr, 0);
}

void Root::onQueueReady(SharedQueue queue) {
  logTrace("root ", id(), ": onQueueReady ", queue.id());
  run("onQueueReady", nullptr, 0);
}

void Root::onForeignFunction(uint32_t function, size_t size) {
  logTrace("root ", id(), ": onForeignFunction ", function, ' ', size);
  run("onForeignFunction", nullptr, 0);
}

bool Root::onDone() {
  logTrace("root ", id(), ": onDone");
  return run("root.onDone", nullptr, 1) != 0;
}

void Root::onLog() {
  logTrace("root ", id(), ": onLog");
  run("root.onLog", nullptr, 0);
}

void Root::onDelete() {
  logTrace("root ", id(), ": onDelete");
  run("root.onDelete", nullptr, 0);
}

Root::~Root() { logTrace("root ", id(), ": gone"); }

void Root::addScript(std::string_view text) {
  if (text.empty()) return;
  std::string_view rest = texts_.emplace_front(text);
  while (!rest.empty()) {
    const auto end = rest.find('\x1e');
    auto line = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    const auto next = [&line] {
      const auto separator = line.find('\x1f');
      const auto part = line.substr(0, separator);
      line = separator == line.npos ? std::string_view() : line.substr(separator + 1);
      return std::pair(part, separator != line.npos);
    };
    Call call;
    const bool more = line.find('\x1f') != line.npos;
    call.callback = next().first;
    if (!more) continue;
    size_t separators = 0;
    for (const char c : line) separators += c == '\x1f' ? 1 : 0;
    call.function = next().first;
    for (; separators != 0; --separators) call.arguments.push_back(next().first);
    calls_.push_back(call);
  }
}

int Root::run(std::string_view callback, Stream* stream, int answer, Connection* connection) {
  // What is called for a reply may bring a reply at once.
  if (depth_ == 3) return answer;
  ++depth_;
  for (const auto& call : calls_) {
    if (call.callback != callback) continue;
    const bool known = callHeaderMap(call) || callBuffer(call) || callProperty(call) || callLog(call) ||
                       callSharedState(call) || callMetric(call) ||
                       callContext(call, {*this, stream, answer, connection}) || callResult(call) ||
                       callCallout(call, {*this, stream, answer, connection});
    if (!known) logError("no such function: ", call.function);
  }
  --depth_;
  return answer;
}

void Stream::onCreate() {
  root_.latest = this;
  logTrace("stream ", id(), ": onCreate");
  root_.run("onCreate", this, 0);
}

FilterHeadersStatus Stream::onRequestHeaders(uint32_t count, bool endOfStream) {
  logTrace("stream ", id(), ": onRequestHeaders ", count, ' ', endOfStream);
  return static_cast<FilterHeadersStatus>(root_.run("onRequestHeaders", this, 0));
}

FilterDataStatus Stream::onRequestBody(size_t size, bool endOfStream) {
  logTrace("stream ", id(), ": onRequestBody ", size, ' ', endOfStream);
  return static_cast<FilterDataStatus>(root_.run("onRequestBody", this, 0));
}

FilterTrailersStatus Stream::onRequestTrailers(uint32_t count) {
  logTrace("stream ", id(), ": onRequestTrailers ", count);
  return static_cast<FilterTrailersStatus>(root_.run("onRequestTrailers", this, 0));
}

FilterHeadersStatus Stream::onResponseHeaders(uint32_t count, bool endOfStream) {
  logTrace("stream ", id(), ": onResponseHeaders ", count, ' ', endOfStream);
  return static_cast<FilterHeadersStatus>(root_.run("onResponseHeaders", this, 0));
}

FilterDataStatus Stream::onResponseBody(size_t size, bool endOfStream) {
  logTrace("stream ", id(), ": onResponseBody ", size, ' ', endOfStream);
  return static_cast<FilterDataStatus>(root_.run("onResponseBody", this, 0));
}

FilterTrailersStatus Stream::onResponseTrailers(uint32_t count) {
  logTrace("stream ", id(), ": onResponseTrailers ", count);
  return static_cast<FilterTrailersStatus>(root_.run("onResponseTrailers", this, 0));
}

FilterMetadataStatus Stream::onRequestMetadata(uint32_t count) {
  logTrace("stream ", id(), ": onRequestMetadata ", count);
  return static_cast<FilterMetadataStatus>(root_.run("onRequestMetadata", this, 0));
}

FilterMetadataStatus Stream::onResponseMetadata(uint32_t count) {
  logTrace("stream ", id(), ": onResponseMetadata ", count);
  return static_cast<FilterMetadataStatus>(root_.run("onResponseMetadata", this, 0));
}

bool Stream::onDone() {
  logTrace("stream ", id(), ": onDone");
  return root_.run("onDone", this, 1) != 0;
}

void Stream::onLog() {
  logTrace("stream ", id(), ": onLog");
  root_.run("onLog", this, 0);
}

void Stream::onDelete() {
  logTrace("stream ", id(), ": onDelete");
  root_.run("onDelete", this, 0);
}

Stream::~Stream() {
  logTrace("stream ", id(), ": gone");
  if (root_.latest == this) root_.latest = nullptr;
}

}  // namespace script
