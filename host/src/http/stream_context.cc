#include "http/stream_context.h"

#include "http/http_properties.h"

namespace sluice::host {
namespace {

uint32_t count(const HeaderMap& map) { return static_cast<uint32_t>(map.size()); }

}  // namespace

StreamContext::StreamContext(StreamControl& stream, std::shared_ptr<Context> root)
    : Context(root->instance(), root->plugin(), root.get()), stream_(stream), keptRoot_(std::move(root)) {}

void StreamContext::create() {
  if (!created_) {
    Instance::CallScope scope(instance());
    instance().call(instance().callbacks().proxy_on_context_create, *this, id(), root()->id());
  }
  created_ = true;
}

bool StreamContext::failStream() {
  if (!instance().failure()) return false;
  if (!failureAnswered_) {
    failureAnswered_ = true;
    stream_.sendLocalResponse({503, "wasm_fail_stream", "", {}, static_cast<uint32_t>(GrpcStatus::Unavailable)});
  }
  return true;
}

HeadersStatus StreamContext::headersStatus(std::optional<uint64_t> answer) {
  if (instance().iterationStopped()) return HeadersStatus::StopAllAndWatermark;
  switch (static_cast<FilterHeadersStatus>(answer.value_or(0))) {
    case FilterHeadersStatus::Continue:
    case FilterHeadersStatus::ContinueAndEndStream:  // Envoy treats it as Continue.
      return HeadersStatus::Continue;
    case FilterHeadersStatus::StopIteration:
      return profile().allowOnHeadersStopIteration ? HeadersStatus::StopIteration : HeadersStatus::StopAllAndWatermark;
    case FilterHeadersStatus::StopAllIterationAndBuffer:
      return HeadersStatus::StopAllAndBuffer;
    case FilterHeadersStatus::StopAllIterationAndWatermark:
      break;
  }
  return HeadersStatus::StopAllAndWatermark;
}

DataStatus StreamContext::dataStatus(std::optional<uint64_t> answer) {
  if (instance().iterationStopped()) return DataStatus::StopNoBuffer;
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
  bool stop = instance().iterationStopped() || answer.value_or(0) != 0;
  return stop ? TrailersStatus::StopIteration : TrailersStatus::Continue;
}

HeadersStatus StreamContext::onHeaders(Direction direction, HeaderMap& headers, bool end) {
  if (direction == Direction::Request) create();
  if (passedOver(direction)) return HeadersStatus::Continue;
  Access& message = access(direction);
  message.headers = &headers;
  end_ = end;
  if (failStream()) return HeadersStatus::StopAllAndWatermark;
  Instance::CallScope scope(instance());
  auto answer = instance().callHeaders(callbacks(direction).headers, *this, id(), count(headers), end);
  if (failStream()) return HeadersStatus::StopAllAndWatermark;
  const HeadersStatus status = headersStatus(answer);
  // This must come before the deferred actions, which run at the end of the scope: they may call the filter again.
  if (status == HeadersStatus::Continue && profile().closeMapsOnContinue) message.headers = nullptr;
  return status;
}

DataStatus StreamContext::onData(Direction direction, std::string& data, bool end) {
  if (passedOver(direction)) return DataStatus::Continue;
  Access& message = access(direction);
  if (message.buffering) stream_.pipeline(direction).buffer(data);
  if (stream_.info().closed) return DataStatus::StopAndBuffer;  // The buffer overflowed and the client was answered.
  message.body = &data;
  end_ = end;
  if (failStream()) return DataStatus::StopNoBuffer;
  Instance::CallScope scope(instance());
  const uint64_t size = body(direction).bytes().size();
  auto answer = instance().call(callbacks(direction).body, *this, id(), size, end ? 1u : 0u);
  if (failStream()) return DataStatus::StopNoBuffer;
  const DataStatus status = dataStatus(answer);
  message.buffering = status == DataStatus::StopAndBuffer;
  message.body = nullptr;  // The data now belongs to the pipeline.
  return status;
}

TrailersStatus StreamContext::onTrailers(Direction direction, HeaderMap& trailers) {
  if (passedOver(direction)) return TrailersStatus::Continue;
  Access& message = access(direction);
  message.trailers = &trailers;
  if (failStream()) return TrailersStatus::StopIteration;
  Instance::CallScope scope(instance());
  auto answer = instance().call(callbacks(direction).trailers, *this, id(), count(trailers));
  if (failStream()) return TrailersStatus::StopIteration;
  const TrailersStatus status = trailersStatus(answer);
  if (status == TrailersStatus::Continue && profile().closeMapsOnContinue) message.trailers = nullptr;
  return status;
}

// The ABI has no way to read metadata, and Continue is the only status that a filter can return.
void StreamContext::onMetadata(Direction direction, const Headers& metadata) {
  if (passedOver(direction) || failStream()) return;
  Instance::CallScope scope(instance());
  instance().call(callbacks(direction).metadata, *this, id(), static_cast<uint32_t>(metadata.size()));
  failStream();
}

void StreamContext::log() {
  create();
  logging_ = true;
  {
    Instance::CallScope scope(instance());
    instance().call(instance().callbacks().proxy_on_log, *this, id());
  }
  logging_ = false;
}

void StreamContext::done() {
  if (!created_) return;
  Instance::CallScope scope(instance());
  instance().call(instance().callbacks().proxy_on_done, *this, id());
}

void StreamContext::deleteInGuest() {
  if (!created_) return;
  Instance::CallScope scope(instance());
  instance().call(instance().callbacks().proxy_on_delete, *this, id());
}

HeaderMap* StreamContext::trailersToWrite(Direction direction) {
  Access& message = access(direction);
  // While a filter sees the last piece of a body, it can add trailers to a message that has none.
  if (message.trailers == nullptr && message.body != nullptr && end_) {
    message.trailers = stream_.pipeline(direction).addTrailers(profile().joinKnownHeaders);
  }
  return message.trailers;
}

HeaderMap* StreamContext::writableMap(MapType map) {
  switch (map) {
    case MapType::HttpRequestHeaders:
      return request_.headers;
    case MapType::HttpRequestTrailers:
      return trailersToWrite(Direction::Request);
    case MapType::HttpResponseHeaders:
      return response_.headers;
    case MapType::HttpResponseTrailers:
      return trailersToWrite(Direction::Response);
    default:
      return nullptr;
  }
}

const HeaderMap* StreamContext::readableMap(MapType map) {
  switch (map) {
    case MapType::HttpRequestHeaders:
      return logging_ ? stream_.pipeline(Direction::Request).headers() : request_.headers;
    case MapType::HttpRequestTrailers:
      return logging_ ? nullptr : request_.trailers;
    case MapType::HttpResponseHeaders:
      return logging_ ? stream_.pipeline(Direction::Response).headers() : response_.headers;
    case MapType::HttpResponseTrailers:
      return logging_ ? stream_.pipeline(Direction::Response).trailers() : response_.trailers;
    default:
      return Context::readableMap(map);
  }
}

BufferView StreamContext::body(Direction direction) {
  const Access& message = access(direction);
  std::string* bytes = message.buffering ? stream_.pipeline(direction).buffered() : message.body;
  if (bytes == nullptr || stream_.info().closed) return {BufferView::Kind::Absent};
  return {BufferView::Kind::Body, {}, bytes};
}

BufferView StreamContext::buffer(BufferType type) {
  switch (type) {
    case BufferType::HttpRequestBody:
      return body(Direction::Request);
    case BufferType::HttpResponseBody:
      return body(Direction::Response);
    default:
      return Context::buffer(type);
  }
}

Status StreamContext::continueStream(StreamType stream) {
  if (stream != StreamType::HttpRequest && stream != StreamType::HttpResponse) return Context::continueStream(stream);
  const Direction direction = stream == StreamType::HttpRequest ? Direction::Request : Direction::Response;
  instance().afterCall([this, direction, alive = stream_.weak_from_this()] {
    const auto kept = alive.lock();
    if (kept == nullptr || kept->info().closed) return;
    Pipeline& pipeline = kept->pipeline(direction);
    // What is held back goes on, so the next piece comes without it.
    if (pipeline.isHeldBy(*this)) access(direction).buffering = false;
    pipeline.resume(*this);
  });
  request_.headers = nullptr;
  request_.body = nullptr;
  request_.trailers = nullptr;
  return Status::Ok;
}

Status StreamContext::closeStream(StreamType stream) {
  if (stream != StreamType::HttpRequest && stream != StreamType::HttpResponse) return Status::Ok;
  instance().afterCall([alive = stream_.weak_from_this()] {
    if (auto kept = alive.lock()) kept->reset("wasm_close_stream");
  });
  return Status::Ok;
}

void StreamContext::sendLocalResponse(LocalResponse response) {
  if (answering_) return;  // Of two in the same callback, only the first one is sent.
  answering_ = true;
  instance().afterCall([this, alive = stream_.weak_from_this(), response = std::move(response)] {
    const auto kept = alive.lock();
    if (kept == nullptr) return;
    answering_ = false;
    kept->sendLocalResponse(response);
  });
}

PropertyValue StreamContext::property(const PropertyPath& path) {
  if (auto value = Context::property(path)) return value;
  const ReadableMaps maps{readableMap(MapType::HttpRequestHeaders), readableMap(MapType::HttpResponseHeaders),
                          readableMap(MapType::HttpResponseTrailers)};
  if (auto value = httpProperty(stream_.info(), maps, path)) return value;
  return stream_.info().attributes.property(path);
}

}  // namespace sluice::host
