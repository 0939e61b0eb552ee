// Registration: which classes make up the filter.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include "sluice/context.h"
#include "sluice/internal/dispatch.h"
#include "sluice/internal/exports.h"
#include "sluice/internal/callbacks.h"
#include "sluice/tcp_context.h"

namespace sluice {

/// Registers a filter's classes, in one line at namespace scope:
///
///     static sluice::Register<MyStream> registration;                            // an HttpContext
///     static sluice::Register<MyRoot, MyStream> registration;                    // with a RootContext
///     static sluice::Register<MyRoot, MyConnection> registration;                // with a TcpContext
///     static sluice::Register<OtherRoot, OtherStream> other("other_root_id");    // one of several in a module
///
/// A stream class is constructed from its root (`explicit MyStream(MyRoot& root)`) or from nothing. The module exports
/// the callbacks that one of its classes overrides, and no others. A registration with a root_id takes the plugins
/// configured with it; one without takes all the rest. A plugin whose root_id nobody takes is refused with a log line.
///
/// When a host creates a stream it does not say of which kind it is: so a filter is for HTTP or for TCP, and a module
/// for both has two filters with a root_id each. In a host that uses one for the wrong kind, it does nothing but log.
template <class... Contexts>
class Register {
  template <class Base>
  static constexpr int kHowMany = (0 + ... + (std::is_base_of_v<Base, Contexts> ? 1 : 0));

  static_assert(sizeof...(Contexts) > 0,
                "Register needs a class: an HttpContext or a TcpContext, a RootContext, or one of each");
  static_assert((... && std::is_base_of_v<ContextBase, Contexts>),
                "Register takes classes derived (publicly) from sluice::RootContext, sluice::HttpContext or "
                "sluice::TcpContext");
  static_assert(
      kHowMany<RootContext> <= 1 && kHowMany<HttpContext> + kHowMany<TcpContext> <= 1,
      "Register takes one RootContext, and one HttpContext or TcpContext: write one Register for each filter");

  template <class Base, class... Rest>
  struct Pick {
    using type = Base;  // none given: the base itself, which overrides nothing
  };
  template <class Base, class First, class... Rest>
  struct Pick<Base, First, Rest...>
      : std::conditional_t<std::is_base_of_v<Base, First>, std::type_identity<First>, Pick<Base, Rest...>> {};

  // A dependent name: otherwise naming an export below would instantiate it whether or not it is reached.
  using D = std::conditional_t<(sizeof...(Contexts) > 0), internal::Dispatch, void>;
  using Root = typename Pick<RootContext, Contexts...>::type;
  using Http = typename Pick<HttpContext, Contexts...>::type;
  using Tcp = typename Pick<TcpContext, Contexts...>::type;
  static constexpr bool kIsTcp = kHowMany<TcpContext> != 0;
  using Stream = std::conditional_t<kIsTcp, Tcp, Http>;

 public:
  /// Takes every plugin whose root_id no other registration takes.
  Register() : Register(std::string_view(), nullptr) {}
  /// `rootId` must outlive the module: a literal.
  explicit Register(std::string_view rootId) : Register(rootId, nullptr) {
    // Configuring is where a plugin whose root_id nobody takes can be refused.
    static_cast<void>(internal::Export_proxy_on_configure<&D::onConfigure>());
  }
  Register(const Register&) = delete;
  Register& operator=(const Register&) = delete;

 private:
  Register(std::string_view rootId, std::nullptr_t) : registration_{rootId, createRoot, createStream, nullptr} {
    (static_cast<void>(internal::checkSpelling<Contexts>()), ...);
    exportCallbacks();
    internal::Dispatch::add(registration_);
    if constexpr (kIsTcp) D::addTcp();
  }

  static RootContext* createRoot() {
    static_assert(std::is_default_constructible_v<Root>, "a RootContext must be constructible without arguments");
    return new Root();
  }

  static void createStream(RootContext& root, uint32_t id, ContextBase** link) {
    if constexpr (kIsTcp) link = D::tcpChain(id);
    if constexpr (std::is_constructible_v<Stream, Root&>) {
      internal::Dispatch::enter(new Stream(static_cast<Root&>(root)), root, id, link);
    } else {
      static_assert(std::is_default_constructible_v<Stream>,
                    "an HttpContext or TcpContext must be constructible from its root (`explicit MyStream(MyRoot& "
                    "root)`) or from nothing, by a public constructor");
      internal::Dispatch::enter(new Stream(), root, id, link);
    }
  }

  static void exportCallbacks() {
#define SLUICE_INTERNAL_EXPORT_IF(condition, name, function) \
  if constexpr (condition) static_cast<void>(internal::Export_##name<&D::function>());
#define SLUICE_INTERNAL_OVERRIDES(Class, Base, method) internal::overrides_##method<Class, Base>()
#define SLUICE_INTERNAL_EITHER(method) \
  (SLUICE_INTERNAL_OVERRIDES(Root, RootContext, method) || SLUICE_INTERNAL_OVERRIDES(Stream, ContextBase, method))
    static_cast<void>(internal::Export_proxy_on_memory_allocate<&internal::hostAllocate>());
    static_cast<void>(internal::Export_proxy_on_context_create<&D::onContextCreate>());
    static_cast<void>(internal::Export_proxy_on_delete<&D::onDelete>());
    static_cast<void>(SLUICE_INTERNAL_EITHER(onCreate) || SLUICE_INTERNAL_EITHER(onDelete));  // for the checks
    SLUICE_INTERNAL_EXPORT_IF(SLUICE_INTERNAL_EITHER(onDone), proxy_on_done, onDone)
    SLUICE_INTERNAL_EXPORT_IF(SLUICE_INTERNAL_EITHER(onLog), proxy_on_log, onLog)
    SLUICE_INTERNAL_EXPORT_IF(SLUICE_INTERNAL_OVERRIDES(Root, RootContext, onStart), proxy_on_vm_start, onVmStart)
    SLUICE_INTERNAL_EXPORT_IF(SLUICE_INTERNAL_OVERRIDES(Root, RootContext, onConfigure), proxy_on_configure,
                              onConfigure)
    SLUICE_INTERNAL_EXPORT_IF(SLUICE_INTERNAL_OVERRIDES(Root, RootContext, onTick), proxy_on_tick, onTick)
    SLUICE_INTERNAL_EXPORT_IF(SLUICE_INTERNAL_OVERRIDES(Root, RootContext, onQueueReady), proxy_on_queue_ready,
                              onQueueReady)
    SLUICE_INTERNAL_EXPORT_IF(SLUICE_INTERNAL_OVERRIDES(Root, RootContext, onForeignFunction),
                              proxy_on_foreign_function, onForeignFunction)
#define SLUICE_INTERNAL_EXPORT_HTTP(name, method) \
  SLUICE_INTERNAL_EXPORT_IF(SLUICE_INTERNAL_OVERRIDES(Http, HttpContext, method), name, method)
    SLUICE_INTERNAL_EXPORT_HTTP(proxy_on_request_headers, onRequestHeaders)
    SLUICE_INTERNAL_EXPORT_HTTP(proxy_on_request_body, onRequestBody)
    SLUICE_INTERNAL_EXPORT_HTTP(proxy_on_request_trailers, onRequestTrailers)
    SLUICE_INTERNAL_EXPORT_HTTP(proxy_on_response_headers, onResponseHeaders)
    SLUICE_INTERNAL_EXPORT_HTTP(proxy_on_response_body, onResponseBody)
    SLUICE_INTERNAL_EXPORT_HTTP(proxy_on_response_trailers, onResponseTrailers)
    SLUICE_INTERNAL_EXPORT_HTTP(proxy_on_request_metadata, onRequestMetadata)
    SLUICE_INTERNAL_EXPORT_HTTP(proxy_on_response_metadata, onResponseMetadata)
#define SLUICE_INTERNAL_EXPORT_TCP(name, method) \
  SLUICE_INTERNAL_EXPORT_IF(SLUICE_INTERNAL_OVERRIDES(Tcp, TcpContext, method), name, method)
    SLUICE_INTERNAL_EXPORT_TCP(proxy_on_new_connection, onNewConnection)
    SLUICE_INTERNAL_EXPORT_TCP(proxy_on_downstream_data, onDownstreamData)
    SLUICE_INTERNAL_EXPORT_TCP(proxy_on_upstream_data, onUpstreamData)
    SLUICE_INTERNAL_EXPORT_TCP(proxy_on_downstream_connection_close, onDownstreamConnectionClose)
    SLUICE_INTERNAL_EXPORT_TCP(proxy_on_upstream_connection_close, onUpstreamConnectionClose)
#undef SLUICE_INTERNAL_EXPORT_TCP
#undef SLUICE_INTERNAL_EXPORT_HTTP
#undef SLUICE_INTERNAL_EITHER
#undef SLUICE_INTERNAL_OVERRIDES
#undef SLUICE_INTERNAL_EXPORT_IF
  }

  internal::Registration registration_;
};

}  // namespace sluice
