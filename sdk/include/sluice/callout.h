// HTTP callouts: a filter asks another service. The reply goes to a handler, or to the coroutine that awaits it
// (task.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "sluice/abi.h"
#include "sluice/context.h"
#include "sluice/header_map.h"
#include "sluice/internal/awaited_calls.h"
#include "sluice/internal/calls.h"
#include "sluice/internal/parts.h"
#include "sluice/result.h"

namespace sluice {

/// A request to another service; see ContextBase::httpCall(). All that is left out is empty, and a timeout that is left
/// out is none: the host then waits for as long as the service takes. These are views: what they show must live until
/// httpCall() returns, which temporaries in its arguments do.
///
///     {.cluster = "users",
///      .headers = {{":method", "GET"}, {":path", "/" + user}, {":authority", "users"}},
///      .timeout = 500ms}
struct HttpRequest {
  std::string_view cluster;                ///< Where it goes: for Envoy one of its clusters, by its name.
  HeaderSpan headers = {};                 ///< `:method`, `:path` and `:authority` are needed.
  std::string_view body = {};              ///< The host adds its content-length.
  HeaderSpan trailers = {};                ///< After the body.
  std::chrono::milliseconds timeout = {};  ///< For the whole call; zero is none.
};

class KeptHttpReply;

/// What came of an HTTP callout. It is there in the callback that brings it: until the handler returns, or the
/// coroutine awaits again. Read later, from a copy that was kept, everything answers NotFound; see keep().
class HttpReply {
 public:
  /// No reply: its error() is NotFound.
  HttpReply() = default;

  /// Whether a response arrived, with whatever status. Envoy answers a call that takes too long with a 504, and one to
  /// a service that cannot be reached with a 503.
  [[nodiscard]] bool ok() const { return error_ == Status::Ok; }
  /// Ok, or why there is no response: the Status of a call that the host refused, BrokenConnection for one that broke
  /// off, InternalFailure where the host does not say (proxy_get_status).
  [[nodiscard]] Status error() const { return error_; }
  /// The host's words for error(), for logs: Envoy's are "reset". NotFound where there are none (proxy_get_status).
  [[nodiscard]] Result<std::string_view> errorMessage() const;

  /// The number in `:status`, such as 200; 0 when there is none (proxy_get_header_map_value).
  [[nodiscard]] uint32_t statusCode() const;
  /// The first value of the header `name`; NotFound when there is none. The view is valid until the callback returns
  /// (proxy_get_header_map_value).
  [[nodiscard]] Result<std::string_view> header(std::string_view name) const;
  /// All headers, `:status` among them. Valid until the callback returns (proxy_get_header_map_pairs).
  [[nodiscard]] Result<HeaderPairs> headers() const;
  /// The whole body. The view is valid until the callback returns (proxy_get_buffer_bytes).
  [[nodiscard]] Result<std::string_view> body() const;
  /// All trailers. Valid until the callback returns (proxy_get_header_map_pairs).
  [[nodiscard]] Result<HeaderPairs> trailers() const;

  /// A copy of it all, to be read after the callback.
  [[nodiscard]] KeptHttpReply keep() const;

 private:
  friend internal::HttpCalls;
  Status current() const;

  uint32_t delivery_ = 0;
  size_t bodySize_ = 0;
  uint32_t trailerCount_ = 0;
  Status error_ = Status::NotFound;
};

/// What came of an HTTP callout, in memory of its own: what it hands out is valid as long as it lives.
class KeptHttpReply {
 public:
  /// No reply: its error() is NotFound.
  KeptHttpReply() = default;

  /// As HttpReply has it; InternalFailure also where there was no memory for the copy.
  /// @{
  [[nodiscard]] bool ok() const { return error_ == Status::Ok; }
  [[nodiscard]] Status error() const { return error_; }
  /// @}

  /// As HttpReply has them, but valid as long as this object.
  /// @{
  [[nodiscard]] uint32_t statusCode() const;
  [[nodiscard]] Result<std::string_view> header(std::string_view name) const;
  [[nodiscard]] Result<HeaderPairs> headers() const;
  [[nodiscard]] Result<std::string_view> body() const;
  [[nodiscard]] Result<HeaderPairs> trailers() const;
  /// @}

 private:
  friend HttpReply;
  Status current() const;

  std::unique_ptr<char[]> bytes_;  // headers, trailers, body
  size_t headersSize_ = 0;
  size_t trailersSize_ = 0;
  size_t bodySize_ = 0;
  Status error_ = Status::NotFound;
};

namespace internal {

inline HttpReply HttpCalls::noReply(Status error) {
  HttpReply reply;
  reply.error_ = error == Status::Ok ? Status::InternalFailure : error;
  return reply;
}

/// proxy_http_call; `id` is the host's number for the call.
Status sendHttpCall(std::string_view cluster, HeaderSpan headers, std::string_view body, HeaderSpan trailers,
                    std::chrono::milliseconds timeout, uint32_t& id);
// Inlined, so that a request in braces goes from registers to registers: in memory it would cost a filter 100 bytes
// more for each call.
[[gnu::always_inline]] inline Status sendHttpCall(const HttpRequest& request, uint32_t& id) {
  return sendHttpCall(request.cluster, request.headers, request.body, request.trailers, request.timeout, id);
}

}  // namespace internal

template <class Handler, class Part>
Status ContextBase::httpCall(const HttpRequest& request, Handler onReply) {
  static_assert(std::is_invocable_v<Handler&, const HttpReply&>,
                "the handler of httpCall() must take the reply: `[this](const sluice::HttpReply& reply) { … }`");
  internal::require<Part>();
  uint32_t id = 0;
  const auto status = internal::sendHttpCall(request, id);
  if (status == Status::Ok) new internal::CallHandler<internal::HttpCalls, Handler>(*this, id, std::move(onReply));
  return status;
}

#if __has_include(<coroutine>)

/// An HTTP callout on its way, to be awaited before the callback returns in which it was sent (or a co_await ends
/// that): `co_await httpCall({…})` gives an HttpReply, whenAll() a KeptHttpReply. Its error() is BadArgument when it
/// was awaited later than that, or twice.
class [[nodiscard("co_await it, or hand it to whenAll()")]] HttpCall : public internal::SentCall<internal::HttpCalls> {
 public:
  /// Waits for the reply, in a Task.
  auto operator co_await() && { return internal::CallAwaiter<internal::HttpCalls>(*this); }

 private:
  friend ContextBase;
  using SentCall::SentCall;
  static HttpCall send(std::string_view cluster, HeaderSpan headers, std::string_view body, HeaderSpan trailers,
                       std::chrono::milliseconds timeout);
};

template <class Part>
HttpCall ContextBase::httpCall(const HttpRequest& request) {
  internal::require<Part>();
  return HttpCall::send(request.cluster, request.headers, request.body, request.trailers, request.timeout);
}

#endif

}  // namespace sluice
