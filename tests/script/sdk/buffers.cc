#include <optional>

#include "steps.h"

using namespace sluice;

namespace script {

namespace {

std::optional<Buffer> bufferOf(std::string_view object) {
  if (object == "requestBody") return Buffer(BufferType::HttpRequestBody);
  if (object == "responseBody") return Buffer(BufferType::HttpResponseBody);
  if (object == "configuration") return Buffer(BufferType::PluginConfiguration);
  if (object == "downstreamData") return Buffer(BufferType::DownstreamData);
  if (object == "upstreamData") return Buffer(BufferType::UpstreamData);
  return std::nullopt;
}

}  // namespace

bool callBuffer(const Call& call) {
  const auto buffer = bufferOf(objectOf(call.function));
  if (!buffer) return false;
  const auto method = methodOf(call.function);
  if (method == "size") {
    call.report(buffer->size());
  } else if (method == "get") {
    call.report(buffer->get(call.number<size_t>(0), call.number<size_t>(1, Buffer::kAll)));
  } else if (method == "getAll") {
    call.report(buffer->get());
  } else if (method == "getMutable") {
    const auto bytes = buffer->getMutable(call.number<size_t>(0), call.number<size_t>(1, Buffer::kAll));
    if (!bytes) {
      call.report(bytes.status());
    } else {
      for (char& c : *bytes) c = '*';
      call.reportValue(std::string_view(bytes->data(), bytes->size()));
    }
  } else if (method == "upperCase") {
    const auto bytes = buffer->getMutable();
    if (!bytes) {
      call.report(bytes.status());
    } else {
      for (char& c : *bytes) c = static_cast<char>(c & ~0x20);
      call.report(buffer->replace({bytes->data(), bytes->size()}));
    }
  } else if (method == "replace") {
    call.report(buffer->replace(call.text(0)));
  } else if (method == "append") {
    call.report(buffer->append(call.text(0)));
  } else if (method == "prepend") {
    call.report(buffer->prepend(call.text(0)));
  } else if (method == "drain") {
    call.report(buffer->drain(call.number<size_t>(0)));
  } else if (method == "set") {
    call.report(buffer->set(call.number<size_t>(0), call.number<size_t>(1), call.text(2)));
  } else {
    return false;
  }
  return true;
}

}  // namespace script
