#include "http/stream_context.h"

#include "abi/crash_error.h"
#include "http/http_properties.h"

namespace sluice::host {
namespace {

// Not in the ABI's text: what Envoy takes for the body that a callback sees.
constexpr auto kCurrentBuffer = static_cast<BufferType>(8);

uint32_t count(const HeaderMap& map) { return static_cast<uint32_t>(map.size()); }

}  // namespace

StreamContext::StreamContext(StreamControl& stream, std::shared_ptr<Context> root)
    : Context(root->instance(), root->plugin(), root.get()), stream_(stream), keptRoot_(std::move(root)) {}

void StreamContext::create() {
  if (!created_) {
    creating_ = true;
    Instance::CallScope scope(instance());
    instance().call(instance().callbacks().proxy_on_context_create, *this, id(), root()->id());
  }
  creating_ = false;
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

template <class Call>
std::optional<uint64_t> StreamContext::run(Direction direction, Part part, const Call& call) {
  inRequest_ = direction == Direction::Request;
  inHeaders_ = part == Part::Headers;
  inTrailers_ = part == Part::Trailers;
  if (part == Part::Body) bodyOf_ = direction;
  auto answer = call();
  inRequest_ = inHeaders_ = inTrailers_ = false;
  bodyOf_.reset();
  return answer;
}

HeadersStatus StreamContext::onHeaders(Direction direction, HeaderMap& headers, bool end) {
  if (direction == Direction::Request) create();
  if (passedOver(direction)) return HeadersStatus::Continue;
  Access& message = access(direction);
  message.headers = &headers;
  end_ = end;
  if (failStream()) return HeadersStatus::StopAllAndWatermark;
  Release<HeaderMap> release{message.headers};
  Instance::CallScope scope(instance());
  auto answer = run(direction, Part::Headers, [&] {
    return instance().callHeaders(callbacks(direction).headers, *this, id(), count(headers), end);
  });
  if (failStream()) return HeadersStatus::StopAllAndWatermark;
  if (direction == Direction::Request && answerOfCreate_) {
    answer_ = std::make_shared<LocalResponse>(*std::exchange(answerOfCreate_, std::nullopt));
    sendAnswer();
    return HeadersStatus::StopAllAndWatermark;
  }
  const HeadersStatus status = headersStatus(answer);
  if (direction == Direction::Response && end) checkResponseHeaders(status);
  if (failStream()) return HeadersStatus::StopAllAndWatermark;
  release.now = status == HeadersStatus::Continue && profile().closeMapsOnContinue;
  return status;
}

DataStatus StreamContext::onData(Direction direction, std::string& data, bool end) {
  if (passedOver(direction)) return DataStatus::Continue;
  Access& message = access(direction);
  if (message.buffering) stream_.pipeline(direction).buffer(data);
  if (stream_.info().closed) return DataStatus::StopAndBuffer;  // The buffer overflowed and the client was answered.
  message.body = &data;
  message.dangling = false;
  end_ = end;
  Release<std::string> release{message.body, true};  // The data then belongs to the pipeline.
  if (failStream()) return DataStatus::StopNoBuffer;
  Instance::CallScope scope(instance());
  const uint64_t size = body(direction).bytes().size();
  auto answer = run(direction, Part::Body,
                    [&] { return instance().call(callbacks(direction).body, *this, id(), size, end ? 1u : 0u); });
  if (failStream()) return DataStatus::StopNoBuffer;
  const DataStatus status = dataStatus(answer);
  if (direction == Direction::Response && end) checkResponseEnd(status);
  if (failStream()) return DataStatus::StopNoBuffer;
  message.buffering = status == DataStatus::StopAndBuffer;
  message.dangling =
      !instance().iterationStopped() && (status == DataStatus::StopNoBuffer || status == DataStatus::StopAndWatermark);
  return status;
}

TrailersStatus StreamContext::onTrailers(Direction direction, HeaderMap& trailers) {
  if (passedOver(direction)) return TrailersStatus::Continue;
  Access& message = access(direction);
  message.trailers = &trailers;
  if (failStream()) return TrailersStatus::StopIteration;
  Release<HeaderMap> release{message.trailers};
  Instance::CallScope scope(instance());
  auto answer = run(direction, Part::Trailers,
                    [&] { return instance().call(callbacks(direction).trailers, *this, id(), count(trailers)); });
  const TrailersStatus status = trailersStatus(answer);
  if (direction == Direction::Response) checkResponseTrailers(status);
  if (failStream()) return TrailersStatus::StopIteration;
  release.now = status == TrailersStatus::Continue && profile().closeMapsOnContinue;
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
  {
    Instance::CallScope scope(instance());
    instance().call(instance().callbacks().proxy_on_delete, *this, id());
  }
  instance().removeContext(id());  // Its id can no longer be the effective context.
}

StreamMoment StreamContext::moment() {
  const Pipeline& request = stream_.pipeline(Direction::Request);
  const Pipeline& response = stream_.pipeline(Direction::Response);
  const bool hasResponse = stream_.pipeline(Direction::Response).headers() != nullptr;
  return {.over = stream_.info().closed,
          .requestComplete = request.complete(),
          .hasResponse = hasResponse,
          .upstreamResponds = hasResponse && !stream_.info().localResponse,
          .inRequest = inRequest_,
          .closing = closing_ > 0,
          .answering = answering_ > 0,
          .finishing = continuingResponse_ > 0 && response.complete() && (inHeaders_ || response.paused())};
}

void StreamContext::refuse(std::string_view operation, std::string_view why) {
  if (!why.empty() && profile().namesCrashes) throw envoyCrash(operation, why);
}

void StreamContext::checkResponseHeaders(HeadersStatus status) {
  if (status != HeadersStatus::Continue || continuingResponse_ == 0 || !profile().namesCrashes) return;
  instance().fail(
      envoyCrash("proxy_continue_stream", "it lets the headers pass at the same time, with which the response ends"));
}

void StreamContext::checkResponseEnd(DataStatus status) {
  Pipeline& response = stream_.pipeline(Direction::Response);
  if (status != DataStatus::Continue || continuingResponse_ == 0 || !profile().namesCrashes) return;
  if (response.paused() || response.trailers() == nullptr) return;
  instance().fail(
      envoyCrash("proxy_continue_stream", "it has added trailers, and lets the body pass at the same time"));
}

void StreamContext::checkResponseTrailers(TrailersStatus status) {
  if (status != TrailersStatus::Continue || !profile().namesCrashes || instance().failure()) return;
  constexpr std::string_view kPass = "it lets the trailers of the response pass at the same time";
  const bool paused = stream_.pipeline(Direction::Response).paused();
  if (closing_ > 0) instance().fail(envoyCrash("proxy_close_stream", kPass));
  if (continuingResponse_ > 0 && !paused) instance().fail(envoyCrash("proxy_continue_stream", kPass));
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
  if (message.dangling && !inTrailers_) {
    refuse("a buffer's hostcall",
           "its last body callback returned StopIterationNoBuffer or StopIterationAndWatermark, so there is no buffer");
  }
  std::string* bytes = message.buffering ? stream_.pipeline(direction).buffered() : message.body;
  if (bytes == nullptr) return {BufferView::Kind::Absent};
  return {BufferView::Kind::Body, {}, bytes};
}

BufferView StreamContext::buffer(BufferType type) {
  switch (type) {
    case BufferType::HttpRequestBody:
      return body(Direction::Request);
    case BufferType::HttpResponseBody:
      return body(Direction::Response);
    case kCurrentBuffer:
      return bodyOf_ ? body(*bodyOf_) : Context::buffer(type);
    default:
      return Context::buffer(type);
  }
}

Status StreamContext::continueStream(StreamType stream) {
  if (stream != StreamType::HttpRequest && stream != StreamType::HttpResponse) return Context::continueStream(stream);
  const Direction direction = stream == StreamType::HttpRequest ? Direction::Request : Direction::Response;
  if (direction == Direction::Response) {
    refuse("proxy_continue_stream for the response", crashOfContinueResponse(moment()));
    ++continuingResponse_;
  }
  instance().afterCall([this, direction, alive = stream_.weak_from_this()] {
    const auto kept = alive.lock();
    if (kept == nullptr) return;
    if (direction == Direction::Response) --continuingResponse_;
    if (kept->info().closed) return;
    Pipeline& pipeline = kept->pipeline(direction);
    // What is held back goes on, so the next piece comes without it.
    if (pipeline.isHeldBy(*this)) access(direction).buffering = false;
    pipeline.resume(*this);
  });
  request_.headers = nullptr;
  request_.body = nullptr;
  request_.trailers = nullptr;
  request_.dangling = false;
  return Status::Ok;
}

Status StreamContext::closeStream(StreamType stream) {
  if (stream != StreamType::HttpRequest && stream != StreamType::HttpResponse) return Status::Ok;
  refuse("proxy_close_stream", crashOfClose(moment()));
  ++closing_;
  instance().afterCall([this, alive = stream_.weak_from_this()] {
    const auto kept = alive.lock();
    if (kept == nullptr) return;
    --closing_;
    kept->reset("wasm_close_stream");
  });
  return Status::Ok;
}

void StreamContext::sendLocalResponse(LocalResponse response) {
  refuse("proxy_send_local_response", crashOfLocalResponse(moment()));
  if (creating_ || answerOfCreate_) {  // It is sent after on_request_headers.
    stream_.info().details = response.details;
    if (!answerOfCreate_) answerOfCreate_ = std::move(response);
    answerOfCreate_->details = *stream_.info().details;
    return;
  }
  if (inRequest_ && answering_ > 0) {  // Of two in one request callback, the first is sent, with the last's details.
    answer_->details = response.details;
    return;
  }
  answer_ = std::make_shared<LocalResponse>(std::move(response));
  sendAnswer();
}

void StreamContext::sendAnswer() {
  ++answering_;
  instance().afterCall([this, alive = stream_.weak_from_this(), answer = answer_] {
    const auto kept = alive.lock();
    if (kept == nullptr) return;
    --answering_;
    kept->sendLocalResponse(*answer);
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
