// HTTP callouts: requests from a filter to another service. A handler receives the reply, or a coroutine awaits it
// (task.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
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

/// A request to another service; see ContextBase::httpCall(). Members that are left out are empty. Without a timeout
/// the host waits for as long as the service takes. The members are views: the data must stay valid until httpCall()
/// returns; temporaries in the arguments of httpCall() do.
///
///     {.cluster = "users",
///      .headers = {{":method", "GET"}, {":path", "/" + user}, {":authority", "users"}},
///      .timeout = 500ms}
struct HttpRequest {
  std::string_view cluster;                ///< The upstream to call: in Envoy, the name of a cluster.
  HeaderSpan headers = {};                 ///< `:method`, `:path` and `:authority` are required.
  std::string_view body = {};              ///< The host adds its content-length.
  HeaderSpan trailers = {};                ///< Sent after the body.
  std::chrono::milliseconds timeout = {};  ///< For the whole call; zero means no timeout.
};

class KeptHttpReply;

/// The result of an HTTP callout. It can be read only in the callback that delivers it: until the handler returns, or
/// until the coroutine awaits again. After that every function of it returns NotFound. To read a reply later, copy it
/// with keep().
class HttpReply {
 public:
  /// No reply: its error() is NotFound.
  HttpReply() = default;

  /// Whether a response arrived, whatever its HTTP status. When a call times out, Envoy delivers a 504 as the response;
  /// when it cannot reach the service, a 503.
  [[nodiscard]] bool ok() const { return error_ == Status::Ok; }
  /// Ok, or why there is no response: the Status with which the host refused the call, BrokenConnection when the
  /// connection broke, InternalFailure when the host gives no reason (proxy_get_status).
  [[nodiscard]] Status error() const { return error_; }
  /// The host's message about error(), for logs; Envoy says "reset". Valid until the callback returns. NotFound when
  /// there is no message (proxy_get_status).
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

  /// A copy of the whole reply, which can be read after the callback.
  [[nodiscard]] KeptHttpReply keep() const;

 private:
  friend internal::HttpCalls;
  Status current() const;

  uint32_t delivery_ = 0;
  size_t bodySize_ = 0;
  uint32_t trailerCount_ = 0;
  Status error_ = Status::NotFound;
};

/// A copy of the result of an HTTP callout. It owns its memory: the views that it returns are valid as long as the
/// object lives.
class KeptHttpReply {
 public:
  /// No reply: its error() is NotFound.
  KeptHttpReply() = default;

  /// See HttpReply. error() is also InternalFailure when there was no memory for the copy.
  /// @{
  [[nodiscard]] bool ok() const { return error_ == Status::Ok; }
  [[nodiscard]] Status error() const { return error_; }
  /// @}

  /// See HttpReply. The views are valid as long as this object.
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

/// A copy of all `parts`, one after the other. Null when memory is exhausted or they are larger than any memory.
std::unique_ptr<char[]> join(std::span<const std::string_view> parts);

inline HttpReply HttpCalls::noReply(Status error) {
  HttpReply reply;
  reply.error_ = error == Status::Ok ? Status::InternalFailure : error;
  return reply;
}

/// Calls proxy_http_call. Sets `id` to the host's id of the call.
Status sendHttpCall(std::string_view cluster, HeaderSpan headers, std::string_view body, HeaderSpan trailers,
                    std::chrono::milliseconds timeout, uint32_t& id);
// Inlined, so that the compiler keeps a braced request in registers; building it in memory would add 100 bytes of code
// to a filter for each call.
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

/// An HTTP callout that was sent. Await it before the current callback ends, which happens when the callback returns or
/// at the next co_await. `co_await httpCall({…})` gives an HttpReply, whenAll() gives a KeptHttpReply. The reply's
/// error() is BadArgument when the call was awaited too late or twice.
class [[nodiscard("co_await it, or hand it to whenAll()")]] HttpCall : public internal::SentCall<internal::HttpCalls> {
 public:
  /// Waits for the reply. Only in a Task.
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
