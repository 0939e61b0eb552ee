#include "http/stream_context.h"

#include "host_impl.h"
#include "http/stream_impl.h"
#include "plugin_impl.h"

namespace sluice::host {
namespace {

uint32_t count(const HeaderMap& map) { return static_cast<uint32_t>(map.size()); }

}  // namespace

StreamContext::StreamContext(StreamImpl& stream, std::shared_ptr<PluginImpl> plugin)
    : Context(plugin->vm(), plugin.get(), plugin->root().get()),
      stream_(stream),
      plugin_(plugin),
      root_(plugin->root()) {}

void StreamContext::create() {
  if (!created_) {
    Vm::CallScope scope(vm());
    vm().call(vm().callbacks().proxy_on_context_create, *this, id(), root()->id());
  }
  created_ = true;
}

bool StreamContext::failStream() {
  if (!vm().failure()) return false;
  if (!failureAnswered_) {
    failureAnswered_ = true;
    stream_.sendLocalResponse({503, "wasm_fail_stream", "", {}, static_cast<uint32_t>(GrpcStatus::Unavailable)});
  }
  return true;
}

Pipeline& StreamContext::pipeline(bool request) { return request ? stream_.request() : stream_.response(); }

HeadersStatus StreamContext::headersStatus(std::optional<uint64_t> answer) {
  if (vm().iterationStopped()) return HeadersStatus::StopAllAndWatermark;
  switch (static_cast<FilterHeadersStatus>(answer.value_or(0))) {
    case FilterHeadersStatus::Continue:
    case FilterHeadersStatus::ContinueAndEndStream:  // Envoy takes it for Continue.
      return HeadersStatus::Continue;
    case FilterHeadersStatus::StopIteration:
      return stream_.profile().allowOnHeadersStopIteration ? HeadersStatus::StopIteration
                                                           : HeadersStatus::StopAllAndWatermark;
    case FilterHeadersStatus::StopAllIterationAndBuffer:
      return HeadersStatus::StopAllAndBuffer;
    case FilterHeadersStatus::StopAllIterationAndWatermark:
      break;
  }
  return HeadersStatus::StopAllAndWatermark;
}

DataStatus StreamContext::dataStatus(std::optional<uint64_t> answer) {
  if (vm().iterationStopped()) return DataStatus::StopNoBuffer;
  switch (static_cast<FilterDataStatus>(answer.value_or(0))) {
    case FilterDataStatus::Continue:
      return DataStatus::Continue;
    case FilterDataStatus::StopIterationAndBuffer:
      return DataStatus::StopAndBuffer;
    case FilterDataStatus::StopIterationAndWatermark:
      return DataStatus::StopAndWatermark;
    case FilterDataStatus::StopIterationNoBuffer:
      break;
  }
  return DataStatus::StopNoBuffer;
}

TrailersStatus StreamContext::trailersStatus(std::optional<uint64_t> answer) {
  bool stop = vm().iterationStopped() || answer.value_or(0) != 0;
  return stop ? TrailersStatus::StopIteration : TrailersStatus::Continue;
}

HeadersStatus StreamContext::onHeaders(Message& message, HeaderMap& headers, bool end, bool request) {
  message.headers = &headers;
  end_ = end;
  if (failStream()) return HeadersStatus::StopAllAndWatermark;
  HeadersStatus status{};
  {
    Vm::CallScope scope(vm());
    const Callbacks& callbacks = vm().callbacks();
    auto answer = request ? vm().callHeaders(callbacks.proxy_on_request_headers, *this, count(headers), end)
                          : vm().callHeaders(callbacks.proxy_on_response_headers, *this, count(headers), end);
    if (failStream()) return HeadersStatus::StopAllAndWatermark;
    status = headersStatus(answer);
    // Before the put-off actions run: they may lead to further callbacks of this filter.
    if (status == HeadersStatus::Continue && stream_.profile().closeMapsOnContinue) message.headers = nullptr;
  }
  return status;
}

DataStatus StreamContext::onData(Message& message, std::string& data, bool end, bool request) {
  if (message.buffering) pipeline(request).buffer(data);
  if (stream_.closed()) return DataStatus::StopAndBuffer;  // The buffer overflowed, and that was answered.
  message.body = &data;
  end_ = end;
  if (failStream()) return DataStatus::StopNoBuffer;
  DataStatus status{};
  {
    Vm::CallScope scope(vm());
    const Callbacks& callbacks = vm().callbacks();
    uint64_t size = body(message, request).bytes().size();
    auto answer = request ? vm().call(callbacks.proxy_on_request_body, *this, id(), size, end ? 1u : 0u)
                          : vm().call(callbacks.proxy_on_response_body, *this, id(), size, end ? 1u : 0u);
    if (failStream()) return DataStatus::StopNoBuffer;
    status = dataStatus(answer);
    message.buffering = status == DataStatus::StopAndBuffer;
    message.body = nullptr;  // From here on it belongs to the pipeline.
  }
  return status;
}

TrailersStatus StreamContext::onTrailers(Message& message, HeaderMap& trailers, bool request) {
  message.trailers = &trailers;
  if (failStream()) return TrailersStatus::StopIteration;
  TrailersStatus status{};
  {
    Vm::CallScope scope(vm());
    const Callbacks& callbacks = vm().callbacks();
    auto answer = request ? vm().call(callbacks.proxy_on_request_trailers, *this, id(), count(trailers))
                          : vm().call(callbacks.proxy_on_response_trailers, *this, id(), count(trailers));
    if (failStream()) return TrailersStatus::StopIteration;
    status = trailersStatus(answer);
    if (status == TrailersStatus::Continue && stream_.profile().closeMapsOnContinue) message.trailers = nullptr;
  }
  return status;
}

HeadersStatus StreamContext::decodeHeaders(HeaderMap& headers, bool end) {
  create();
  return onHeaders(request_, headers, end, true);
}

DataStatus StreamContext::decodeData(std::string& data, bool end) {
  return created_ ? onData(request_, data, end, true) : DataStatus::Continue;
}

TrailersStatus StreamContext::decodeTrailers(HeaderMap& trailers) {
  return created_ ? onTrailers(request_, trailers, true) : TrailersStatus::Continue;
}

// A filter that never saw the request, or whose VM failed in it, is passed over on the way back.
HeadersStatus StreamContext::encodeHeaders(HeaderMap& headers, bool end) {
  return created_ && !failureAnswered_ ? onHeaders(response_, headers, end, false) : HeadersStatus::Continue;
}

DataStatus StreamContext::encodeData(std::string& data, bool end) {
  return created_ && !failureAnswered_ ? onData(response_, data, end, false) : DataStatus::Continue;
}

TrailersStatus StreamContext::encodeTrailers(HeaderMap& trailers) {
  return created_ && !failureAnswered_ ? onTrailers(response_, trailers, false) : TrailersStatus::Continue;
}

// The ABI has no way to read metadata, and one answer only: go on.
void StreamContext::decodeMetadata(const Headers& metadata) {
  if (!created_ || failStream()) return;
  Vm::CallScope scope(vm());
  vm().call(vm().callbacks().proxy_on_request_metadata, *this, id(), static_cast<uint32_t>(metadata.size()));
  failStream();
}

void StreamContext::encodeMetadata(const Headers& metadata) {
  if (!created_ || failureAnswered_ || failStream()) return;
  Vm::CallScope scope(vm());
  vm().call(vm().callbacks().proxy_on_response_metadata, *this, id(), static_cast<uint32_t>(metadata.size()));
  failStream();
}

void StreamContext::log() {
  create();
  logging_ = true;
  {
    Vm::CallScope scope(vm());
    vm().call(vm().callbacks().proxy_on_log, *this, id());
  }
  logging_ = false;
}

void StreamContext::done() {
  if (!created_) return;
  Vm::CallScope scope(vm());
  vm().call(vm().callbacks().proxy_on_done, *this, id());
}

void StreamContext::deleteInGuest() {
  if (!created_) return;
  Vm::CallScope scope(vm());
  vm().call(vm().callbacks().proxy_on_delete, *this, id());
}

HeaderMap* StreamContext::trailersToWrite(Message& message, bool request) {
  // The last piece of a body may be given trailers that the message did not have.
  if (message.trailers == nullptr && message.body != nullptr && end_) {
    message.trailers = pipeline(request).addTrailers(stream_.profile().joinKnownHeaders);
  }
  return message.trailers;
}

HeaderMap* StreamContext::writableMap(MapType map) {
  switch (map) {
    case MapType::HttpRequestHeaders:
      return request_.headers;
    case MapType::HttpRequestTrailers:
      return trailersToWrite(request_, true);
    case MapType::HttpResponseHeaders:
      return response_.headers;
    case MapType::HttpResponseTrailers:
      return trailersToWrite(response_, false);
    default:
      return nullptr;
  }
}

const HeaderMap* StreamContext::readableMap(MapType map) {
  switch (map) {
    case MapType::HttpRequestHeaders:
      return logging_ ? stream_.request().headers() : request_.headers;
    case MapType::HttpRequestTrailers:
      return logging_ ? nullptr : request_.trailers;
    case MapType::HttpResponseHeaders:
      return logging_ ? stream_.response().headers() : response_.headers;
    case MapType::HttpResponseTrailers:
      return logging_ ? stream_.response().trailers() : response_.trailers;
    default:
      return Context::readableMap(map);
  }
}

BufferView StreamContext::body(Message& message, bool request) {
  std::string* bytes = message.buffering ? pipeline(request).buffered() : message.body;
  if (bytes == nullptr || stream_.closed()) return {BufferView::Kind::Absent};
  return {BufferView::Kind::Body, {}, bytes};
}

BufferView StreamContext::buffer(BufferType type) {
  switch (type) {
    case BufferType::HttpRequestBody:
      return body(request_, true);
    case BufferType::HttpResponseBody:
      return body(response_, false);
    default:
      return Context::buffer(type);
  }
}

Status StreamContext::continueStream(StreamType stream) {
  if (stream != StreamType::HttpRequest && stream != StreamType::HttpResponse) return Context::continueStream(stream);
  vm().afterCall([this, request = stream == StreamType::HttpRequest, alive = stream_.weak_from_this()] {
    if (auto kept = alive.lock(); kept != nullptr && !kept->closed()) pipeline(request).resume(*this);
  });
  request_.headers = nullptr;
  request_.body = nullptr;
  request_.trailers = nullptr;
  return Status::Ok;
}

Status StreamContext::closeStream(StreamType stream) {
  if (stream != StreamType::HttpRequest && stream != StreamType::HttpResponse) return Status::Ok;
  vm().afterCall([alive = stream_.weak_from_this()] {
    if (auto kept = alive.lock()) kept->reset("wasm_close_stream");
  });
  return Status::Ok;
}

void StreamContext::sendLocalResponse(LocalResponse response) {
  if (locallyAnswered_) return;  // The first one goes out.
  locallyAnswered_ = true;
  vm().afterCall([alive = stream_.weak_from_this(), response = std::move(response)] {
    if (auto kept = alive.lock()) kept->sendLocalResponse(response);
  });
}

StreamAttributes* StreamContext::attributes() { return &stream_.attributes; }

}  // namespace sluice::host
