#include "contexts.h"

#include <algorithm>
#include <utility>

using namespace sluice;

namespace script {

void Root::onCreate() { tell({"root", id(), callback("onCreate")}); }

bool Root::onStart(size_t size) {
  script_.add(vmConfiguration().valueOr({}));
  return happen(callback("onStart"), std::to_string(size), 1) != 0;
}

bool Root::onConfigure(size_t size) {
  script_.add(configuration().valueOr({}));
  return happen(callback("onConfigure"), std::to_string(size), 1) != 0;
}

void Root::onTick() { happen(callback("onTick")); }

void Root::onQueueReady(SharedQueue queue) { happen(callback("onQueueReady"), std::to_string(queue.id())); }

void Root::onForeignFunction(uint32_t function, size_t size) {
  happen(callback("onForeignFunction"), std::to_string(function) + ' ' + std::to_string(size));
}

bool Root::onDone() { return happen(callback("root.onDone"), {}, 1) != 0; }

void Root::onLog() { happen(callback("root.onLog")); }

void Root::onDelete() { happen(callback("root.onDelete")); }

Root::~Root() { logTrace("root ", id(), ": gone"); }

int Root::happen(const Callback& callback, std::string detail, int answer) {
  tell({"root", id(), callback, std::move(detail)});
  return run(callback, {*this, id(), nullptr, nullptr, answer});
}

int Root::run(const Callback& callback, Place place, bool endOfStream) {
  // A call made for a reply may get a reply at once, so the depth is limited.
  if (depth_ == 3) return place.answer;
  ++depth_;
  const uint32_t count = script_.counts() ? ++counts_[place.context][callback.word] : 0;
  const auto runLines = [&](const Lines& lines) {
    for (const auto& line : lines) {
      if (!line.applies(callback.word, count, endOfStream)) continue;
      if (line.call.function == "return") {
        place.answer = line.call.number<int>(0);
      } else if (line.call.function == "script") {
        if (place.stream != nullptr) place.stream->takeScript(line.call.text(0));
      } else if (!perform(line.call, place)) {
        logError("no such function: ", line.call.function);
      }
    }
  };
  runLines(script_);
  if (place.stream != nullptr) runLines(place.stream->script());
  --depth_;
  return place.answer;
}

void Root::forget(uint32_t context) { counts_.erase(context); }

void Stream::onCreate() {
  root_.latest = this;
  happen(callback("onCreate"));
}

FilterHeadersStatus Stream::onRequestHeaders(uint32_t count, bool endOfStream) {
  return static_cast<FilterHeadersStatus>(happen(callback("onRequestHeaders"), std::to_string(count), endOfStream));
}

FilterDataStatus Stream::onRequestBody(size_t size, bool endOfStream) {
  return static_cast<FilterDataStatus>(happen(callback("onRequestBody"), std::to_string(size), endOfStream));
}

FilterTrailersStatus Stream::onRequestTrailers(uint32_t count) {
  return static_cast<FilterTrailersStatus>(happen(callback("onRequestTrailers"), std::to_string(count)));
}

FilterHeadersStatus Stream::onResponseHeaders(uint32_t count, bool endOfStream) {
  return static_cast<FilterHeadersStatus>(happen(callback("onResponseHeaders"), std::to_string(count), endOfStream));
}

FilterDataStatus Stream::onResponseBody(size_t size, bool endOfStream) {
  return static_cast<FilterDataStatus>(happen(callback("onResponseBody"), std::to_string(size), endOfStream));
}

FilterTrailersStatus Stream::onResponseTrailers(uint32_t count) {
  return static_cast<FilterTrailersStatus>(happen(callback("onResponseTrailers"), std::to_string(count)));
}

FilterMetadataStatus Stream::onRequestMetadata(uint32_t count) {
  return static_cast<FilterMetadataStatus>(happen(callback("onRequestMetadata"), std::to_string(count)));
}

FilterMetadataStatus Stream::onResponseMetadata(uint32_t count) {
  return static_cast<FilterMetadataStatus>(happen(callback("onResponseMetadata"), std::to_string(count)));
}

void Stream::takeScript(std::string_view header) {
  std::string text(requestHeaders().get(header).valueOr({}));
  std::replace(text.begin(), text.end(), ';', '\n');
  script_.add(text);
}

bool Stream::onDone() { return happen(callback("onDone"), {}, {}, 1) != 0; }

void Stream::onLog() { happen(callback("onLog")); }

void Stream::onDelete() { happen(callback("onDelete")); }

Stream::~Stream() {
  logTrace("stream ", id(), ": gone");
  root_.forget(id());
  if (root_.latest == this) root_.latest = nullptr;
}

int Stream::happen(const Callback& callback, std::string detail, std::optional<bool> endOfStream, int answer) {
  tell({"stream", id(), callback, std::move(detail), endOfStream});
  return root_.run(callback, {root_, id(), this, nullptr, answer}, endOfStream.value_or(false));
}

}  // namespace script
