#include "sluice/host/http_stream.h"

#include "http/stream_impl.h"

namespace sluice::host {

HttpStream::HttpStream(std::shared_ptr<StreamImpl> impl) : impl_(std::move(impl)) {}
HttpStream::~HttpStream() { close(); }

void HttpStream::requestHeaders(const Headers& headers, bool end) {
  Clock::Activity activity(impl_->clock());
  impl_->requestHeaders(headers, end);
}
void HttpStream::requestBody(std::string_view chunk, bool end) {
  Clock::Activity activity(impl_->clock());
  impl_->requestBody(chunk, end);
}
void HttpStream::requestBodyThenEnd(std::string_view chunk) {
  Clock::Activity activity(impl_->clock());
  impl_->requestBody(chunk, false);
  impl_->requestBody("", true);
}
void HttpStream::requestTrailers(const Headers& trailers) {
  Clock::Activity activity(impl_->clock());
  impl_->requestTrailers(trailers);
}
void HttpStream::requestMetadata(const Headers& metadata) {
  Clock::Activity activity(impl_->clock());
  impl_->requestMetadata(metadata);
}
void HttpStream::request(const Message& message) {
  Clock::Activity activity(impl_->clock());
  impl_->sendRequest(message);
}
void HttpStream::close() {
  Clock::Activity activity(impl_->clock());
  impl_->close();
}
void HttpStream::responseHeaders(const Headers& headers, bool end) {
  Clock::Activity activity(impl_->clock());
  impl_->responseHeaders(headers, end);
}
void HttpStream::responseBody(std::string_view chunk, bool end) {
  Clock::Activity activity(impl_->clock());
  impl_->responseBody(chunk, end);
}
void HttpStream::responseBodyThenEnd(std::string_view chunk) {
  Clock::Activity activity(impl_->clock());
  impl_->responseBody(chunk, false);
  impl_->responseBody("", true);
}
void HttpStream::responseTrailers(const Headers& trailers) {
  Clock::Activity activity(impl_->clock());
  impl_->responseTrailers(trailers);
}
void HttpStream::responseMetadata(const Headers& metadata) {
  Clock::Activity activity(impl_->clock());
  impl_->responseMetadata(metadata);
}
void HttpStream::response(const Message& message) {
  Clock::Activity activity(impl_->clock());
  impl_->sendResponse(message);
}
void HttpStream::respondWith(Message message) {
  Clock::Activity activity(impl_->clock());
  impl_->respondWith(std::move(message));
}
void HttpStream::upstreamReset() {
  Clock::Activity activity(impl_->clock());
  impl_->upstreamReset();
}

const Received& HttpStream::received() const { return impl_->info().received; }
const Received& HttpStream::answer() const { return impl_->info().answer; }
Exchange HttpStream::exchange() const {
  const StreamInfo& info = impl_->info();
  return {info.received, info.answer, info.localResponse, info.details.value_or(""), info.closed};
}
bool HttpStream::requestPaused() const { return impl_->pipeline(Direction::Request).paused(); }
bool HttpStream::responsePaused() const { return impl_->pipeline(Direction::Response).paused(); }
bool HttpStream::closed() const { return impl_->info().closed; }
uint32_t HttpStream::contextId(size_t position) const { return impl_->contextId(position); }

void HttpStream::setProperty(std::string_view path, std::string_view value) {
  impl_->info().attributes.properties[std::string(path)] = value;
}
std::optional<std::string> HttpStream::writtenProperty(std::string_view path) const {
  return impl_->info().attributes.written(path);
}

}  // namespace sluice::host
