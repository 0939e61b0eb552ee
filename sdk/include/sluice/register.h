// Registration: says which classes make up a filter.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include "sluice/context.h"
#include "sluice/internal/callbacks.h"
#include "sluice/internal/dispatch.h"
#include "sluice/internal/exports.h"
#include "sluice/tcp_context.h"

namespace sluice {

/// Registers a filter's classes, in one line at namespace scope:
///
///     static sluice::Register<MyStream> registration;                            // an HttpContext
///     static sluice::Register<MyRoot, MyStream> registration;                    // with a RootContext
///     static sluice::Register<MyRoot, MyConnection> registration;                // with a TcpContext
///     static sluice::Register<OtherRoot, OtherStream> other("other_root_id");    // one of several in a module
///
/// The constructor of a stream class takes its root context (`explicit MyStream(MyRoot& root)`) or nothing. The module
/// exports only the callbacks that its classes override. A registration with a root_id handles the plugins that are
/// configured with this root_id; a registration without one handles all others. A plugin whose root_id has no
/// registration is refused with a log line.
///
/// A host does not say whether a new stream is an HTTP stream or a TCP connection. So a filter is either for HTTP or
/// for TCP, and a module for both registers two filters, each with a root_id. If a host uses a filter for the wrong
/// kind of stream, the filter only logs.
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
    using type = Base;  // no class given: use the base class, which overrides nothing
  };
  template <class Base, class First, class... Rest>
  struct Pick<Base, First, Rest...>
      : std::conditional_t<std::is_base_of_v<Base, First>, std::type_identity<First>, Pick<Base, Rest...>> {};

  // A dependent name: with a non-dependent one, naming an export below would instantiate it even in a branch that is
  // discarded.
  using D = std::conditional_t<(sizeof...(Contexts) > 0), internal::Dispatch, void>;
  using Root = typename Pick<RootContext, Contexts...>::type;
  static constexpr bool kIsTcp = kHowMany<TcpContext> != 0;
  using Stream = typename Pick<std::conditional_t<kIsTcp, TcpContext, HttpContext>, Contexts...>::type;

 public:
  /// Handles every plugin whose root_id has no registration of its own.
  Register() : Register(std::string_view(), nullptr) {}
  /// Handles plugins with this root_id. `rootId` must outlive the module: use a literal.
  explicit Register(std::string_view rootId) : Register(rootId, nullptr) {
    // A plugin whose root_id has no registration can be refused only in proxy_on_configure.
    internal::exportCallback<internal::callback::Configure, Register>();
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

  /// Whether the classes override the callback. An incorrect override is a compile error.
  template <class Callback>
  static consteval bool overridden() {
    using Base = typename Callback::To::Context;
    if constexpr (std::is_same_v<Base, ContextBase>) {
      // Variables, so that both classes are checked: `
      //
      // ` alone would skip the second check.
      constexpr bool kRoot = Callback::template overriddenBy<Root, Base>();
      constexpr bool kStream = Callback::template overriddenBy<Stream, Base>();
      return kRoot || kStream;
    } else {
      return Callback::template overriddenBy<typename Pick<Base, Contexts...>::type, Base>();
    }
  }

  template <class Callback>
  static void exportIfOverridden() {
    if constexpr (overridden<Callback>()) internal::exportCallback<Callback, Register>();
  }

  static void exportCallbacks() {
    static_cast<void>(internal::Export_proxy_on_memory_allocate<&internal::hostAllocate>());
    // The SDK always exports these two; this only checks the overrides.
    static_cast<void>(overridden<internal::callback::Create>());
    if constexpr (overridden<internal::callback::Delete>()) D::setRefusesInDelete();
    static_cast<void>(internal::Export_proxy_on_context_create<&D::onContextCreate>());
    static_cast<void>(internal::Export_proxy_on_delete<&D::onDelete>());
    if constexpr (overridden<internal::callback::Done>())
      static_cast<void>(internal::Export_proxy_on_done<&D::onDone>());
    if constexpr (overridden<internal::callback::Log>()) static_cast<void>(internal::Export_proxy_on_log<&D::onLog>());
#define SLUICE_INTERNAL_EXPORT(to, snake_name, PascalName, result, parameters) \
  exportIfOverridden<internal::callback::PascalName>();
    SLUICE_INTERNAL_CALLBACKS(SLUICE_INTERNAL_EXPORT)
#undef SLUICE_INTERNAL_EXPORT
  }

  internal::Registration registration_;
};

}  // namespace sluice
