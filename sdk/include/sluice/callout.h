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
#include "sluice/internal/callouts.h"
#include "sluice/internal/dispatch.h"
#include "sluice/internal/exports.h"
#include "sluice/result.h"
#include "sluice/task.h"

namespace sluice {

class KeptHttpReply;

/// What came of an HTTP callout. It is there in the callback that brings it: until the handler returns, or the
/// coroutine awaits again. Read later, from a copy that was kept, everything answers NotFound; see keep().
class HttpReply {
 public:
  /// Whether a response arrived, with whatever status. Envoy answers a call that takes too long with a 504, and one to
  /// a service that cannot be reached with a 503.
  bool ok() const { return error_ == Status::Ok; }
  /// Ok, or why there is no response: the Status of a call that the host refused, BrokenConnection for one that broke
  /// off, InternalFailure where the host does not say (proxy_get_status).
  Status error() const { return error_; }
  /// The host's words for error(), for logs: Envoy's are "reset". NotFound where there are none (proxy_get_status).
  Result<std::string_view> errorMessage() const;

  /// The number in `:status`, such as 200; 0 when there is none (proxy_get_header_map_value).
  uint32_t statusCode() const;
  /// The first value of the header `name`; NotFound when there is none. The view is valid until the callback returns
  /// (proxy_get_header_map_value).
  Result<std::string_view> header(std::string_view name) const;
  /// All headers, `:status` among them. Valid until the callback returns (proxy_get_header_map_pairs).
  Result<HeaderPairs> headers() const;
  /// The whole body. The view is valid until the callback returns (proxy_get_buffer_bytes).
  Result<std::string_view> body() const;
  /// All trailers. Valid until the callback returns (proxy_get_header_map_pairs).
  Result<HeaderPairs> trailers() const;

  /// A copy of it all, to be read after the callback.
  KeptHttpReply keep() const;

  /// For the SDK itself: the reply being delivered, and a call that was not sent.
  /// @{
  explicit HttpReply(const internal::Delivery& delivery);
  explicit HttpReply(Status error) : error_(error == Status::Ok ? Status::InternalFailure : error) {}
  /// @}

 private:
  Status current() const;

  uint32_t delivery_ = 0;
  size_t bodySize_ = 0;
  uint32_t trailerCount_ = 0;
  Status error_ = Status::Ok;
};

/// What came of an HTTP callout, in memory of its own: what it hands out is valid as long as it lives.
class KeptHttpReply {
 public:
  /// No reply: its error() is NotFound.
  KeptHttpReply() = default;

  /// As HttpReply has it; InternalFailure also where there was no memory for the copy.
  /// @{
  bool ok() const { return error_ == Status::Ok; }
  Status error() const { return error_; }
  /// @}

  /// As HttpReply has them, but valid as long as this object.
  /// @{
  uint32_t statusCode() const;
  Result<std::string_view> header(std::string_view name) const;
  Result<HeaderPairs> headers() const;
  Result<std::string_view> body() const;
  Result<HeaderPairs> trailers() const;
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

/// proxy_http_call.
Status sendHttpCall(std::string_view cluster, HeaderSpan headers, std::string_view body, HeaderSpan trailers,
                    std::chrono::milliseconds timeout, uint32_t& id);

/// Naming `kExported` where a filter makes HTTP callouts makes its module take their replies. `Filter` only delays that
/// until a filter does.
template <class Filter>
struct HttpCallouts {
  using C = std::conditional_t<std::is_void_v<Filter>, Callouts, Filter>;
  HttpCallouts() {
    static_cast<void>(Export_proxy_on_http_call_response<&C::onHttpCallResponse>());
    Dispatch::setDropOwned(&C::dropOwned);
  }
  static const HttpCallouts kExported;
};
template <class Filter>
const HttpCallouts<Filter> HttpCallouts<Filter>::kExported;

/// A handler that waits for its reply; lives in the heap until then, or until its context is deleted.
template <class Handler>
class HttpHandler final : private Owned, private Pending {
 public:
  HttpHandler(ContextBase& context, uint32_t id, Handler handler) : handler_(std::move(handler)) {
    own(context);
    waitForHttp(context, id);
  }

 private:
  void deliver(const Delivery& delivery) override {
    disown();
    stopWaiting();
    handler_(HttpReply(delivery));
    delete this;
  }
  void drop() override { delete this; }

  Handler handler_;
};

}  // namespace internal

template <class Handler>
Status ContextBase::httpCall(std::string_view cluster, HeaderSpan headers, std::string_view body, HeaderSpan trailers,
                             std::chrono::milliseconds timeout, Handler onReply) {
  static_assert(std::is_invocable_v<Handler&, const HttpReply&>,
                "the handler of httpCall() must take the reply: `[this](const sluice::HttpReply& reply) { … }`");
  static_cast<void>(&internal::HttpCallouts<std::void_t<Handler>>::kExported);
  uint32_t id = 0;
  const auto status = internal::sendHttpCall(cluster, headers, body, trailers, timeout, id);
  if (status == Status::Ok) new internal::HttpHandler<Handler>(*this, id, std::move(onReply));
  return status;
}

#if __has_include(<coroutine>)

/// An HTTP callout on its way, to be awaited before the callback returns in which it was sent (or a co_await ends
/// that): `co_await httpCall(…)` gives an HttpReply, whenAll() a KeptHttpReply. Its error() is BadArgument when it was
/// awaited later than that, or twice.
class [[nodiscard("co_await it, or hand it to whenAll()")]] HttpCall : public internal::SentCall {
 public:
  /// What an await gives, and what whenAll() keeps of it.
  /// @{
  using Reply = HttpReply;
  using Kept = KeptHttpReply;
  /// @}

  /// Waits for the reply, in a Task.
  auto operator co_await() && { return internal::CallAwaiter<HttpCall>(*this); }

  /// For the SDK itself.
  /// @{
  using SentCall::SentCall;
  static void wait(internal::Pending& pending, ContextBase& context, uint32_t id) { pending.waitForHttp(context, id); }
  static void abandon(internal::Pending& pending) { pending.forsake(); }
  static bool isReply(const internal::Delivery&) { return true; }
  /// @}
};

template <class T>
HttpCall ContextBase::httpCall(std::string_view cluster, HeaderSpan headers, std::string_view body, HeaderSpan trailers,
                               std::chrono::milliseconds timeout) {
  static_cast<void>(&internal::HttpCallouts<T>::kExported);
  uint32_t id = 0;
  const auto status = internal::sendHttpCall(cluster, headers, body, trailers, timeout, id);
  return HttpCall(status, id);
}

#endif

}  // namespace sluice
