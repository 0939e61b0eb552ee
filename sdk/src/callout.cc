#include "sluice/callout.h"

#include <cstring>
#include <limits>
#include <new>

#include "sluice/buffer.h"
#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

namespace sluice {

namespace {

constexpr std::string_view kStatusHeader = ":status";

// Returns 0 unless `digits` are three digits, as HTTP requires.
uint32_t parseStatusCode(std::string_view digits) {
  if (digits.size() != 3) return 0;
  uint32_t code = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return 0;
    code = 10 * code + static_cast<uint32_t>(digit - '0');
  }
  return code;
}

internal::HostData mapBytes(MapType type, Status& status) {
  internal::HostData bytes;
  const auto got = bytes.check(abi::proxy_get_header_map_pairs(type, &bytes.data, &bytes.size));
  if (got != Status::Ok) {
    status = got;
    return {};
  }
  return bytes;
}

}  // namespace

std::unique_ptr<char[]> internal::join(std::span<const std::string_view> parts) {
  // 64 bits, because a host may return the same block several times: the sum of the sizes may be larger than the
  // memory.
  uint64_t size = 0;
  for (const auto part : parts) size += part.size();
  if (size > UINT32_MAX) return nullptr;
  std::unique_ptr<char[]> bytes(new (std::nothrow) char[static_cast<size_t>(size)]);
  if (bytes == nullptr) return nullptr;
  char* at = bytes.get();
  for (const auto part : parts) {
    if (!part.empty()) std::memcpy(at, part.data(), part.size());
    at += part.size();
  }
  return bytes;
}

HttpReply internal::HttpCalls::reply(const Delivery& delivery) {
  HttpReply reply;
  reply.delivery_ = Callouts::deliveries();
  reply.bodySize_ = delivery.size;
  reply.trailerCount_ = delivery.trailers;
  // Every response has a `:status`. A delivery without headers is the only sign of a failed call.
  reply.error_ = delivery.count == 0 ? Callouts::failure() : Status::Ok;
  return reply;
}

Status HttpReply::current() const {
  if (error_ != Status::Ok) return error_;
  return internal::Callouts::isCurrent(delivery_) ? Status::Ok : Status::NotFound;
}

Result<std::string_view> HttpReply::errorMessage() const {
  if (ok() || !internal::Callouts::isCurrent(delivery_)) return Status::NotFound;
  return internal::Callouts::failureMessage();
}

uint32_t HttpReply::statusCode() const { return parseStatusCode(header(kStatusHeader).valueOr({})); }

Result<std::string_view> HttpReply::header(std::string_view name) const {
  const auto status = current();
  if (status != Status::Ok) return status;
  return HeaderMap(MapType::HttpCallResponseHeaders).get(name);
}

Result<HeaderPairs> HttpReply::headers() const {
  const auto status = current();
  if (status != Status::Ok) return status;
  return HeaderMap(MapType::HttpCallResponseHeaders).getAll();
}

Result<std::string_view> HttpReply::body() const {
  const auto status = current();
  if (status != Status::Ok) return status;
  if (bodySize_ == 0) return std::string_view();
  return Buffer(BufferType::HttpCallResponseBody).get();
}

Result<HeaderPairs> HttpReply::trailers() const {
  const auto status = current();
  if (status != Status::Ok) return status;
  if (trailerCount_ == 0) return HeaderPairs();
  return HeaderMap(MapType::HttpCallResponseTrailers).getAll();
}

KeptHttpReply HttpReply::keep() const {
  KeptHttpReply kept;
  kept.error_ = current();
  if (kept.error_ != Status::Ok) return kept;
  const auto headers = mapBytes(MapType::HttpCallResponseHeaders, kept.error_);
  const auto trailers =
      trailerCount_ == 0 ? internal::HostData() : mapBytes(MapType::HttpCallResponseTrailers, kept.error_);
  const auto body = this->body();
  if (!body) kept.error_ = body.status();
  if (kept.error_ != Status::Ok) return kept;
  const std::string_view parts[] = {headers.view(), trailers.view(), *body};
  kept.bytes_ = internal::join(parts);
  if (kept.bytes_ == nullptr) {
    kept.error_ = Status::InternalFailure;
    return kept;
  }
  kept.headersSize_ = headers.size;
  kept.trailersSize_ = trailers.size;
  kept.bodySize_ = body->size();
  return kept;
}

uint32_t KeptHttpReply::statusCode() const { return parseStatusCode(header(kStatusHeader).valueOr({})); }

Result<std::string_view> KeptHttpReply::header(std::string_view name) const {
  const auto all = headers();
  if (!all) return all.status();
  const auto found = all->find(name);
  if (found == all->end()) return Status::NotFound;
  return (*found).value;
}

// A moved-from reply is no reply.
Status KeptHttpReply::current() const { return ok() && bytes_ == nullptr ? Status::NotFound : error_; }

Result<HeaderPairs> KeptHttpReply::headers() const {
  if (current() != Status::Ok) return current();
  return HeaderPairs::parse({bytes_.get(), headersSize_});
}

Result<HeaderPairs> KeptHttpReply::trailers() const {
  if (current() != Status::Ok) return current();
  return HeaderPairs::parse({bytes_.get() + headersSize_, trailersSize_});
}

Result<std::string_view> KeptHttpReply::body() const {
  if (current() != Status::Ok) return current();
  return std::string_view(bytes_.get() + headersSize_ + trailersSize_, bodySize_);
}

Status internal::sendHttpCall(std::string_view cluster, HeaderSpan headers, std::string_view body, HeaderSpan trailers,
                              std::chrono::milliseconds timeout, uint32_t& id) {
  // Envoy reads a larger number as a negative one.
  if (timeout.count() < 0 || timeout.count() > std::numeric_limits<int32_t>::max()) return Status::BadArgument;
  const auto headerBytes = serialize(headers);
  const auto trailerBytes = serialize(trailers);
  if (headerBytes.data == nullptr || trailerBytes.data == nullptr) return Status::InternalFailure;
  const NestingScope nesting;
  return abi::proxy_http_call(cluster.data(), cluster.size(), headerBytes.data, headerBytes.size, body.data(),
                              body.size(), trailerBytes.data, trailerBytes.size, static_cast<uint32_t>(timeout.count()),
                              &id);
}

#if __has_include(<coroutine>)

HttpCall HttpCall::send(std::string_view cluster, HeaderSpan headers, std::string_view body, HeaderSpan trailers,
                        std::chrono::milliseconds timeout) {
  uint32_t id = 0;
  const auto status = internal::sendHttpCall(cluster, headers, body, trailers, timeout, id);
  return {status, id};
}

#endif

}  // namespace sluice
