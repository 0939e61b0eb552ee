// Registration: which classes make up the filter.
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
  static constexpr bool kIsTcp = kHowMany<TcpContext> != 0;
  using Stream = typename Pick<std::conditional_t<kIsTcp, TcpContext, HttpContext>, Contexts...>::type;

 public:
  /// Takes every plugin whose root_id no other registration takes.
  Register() : Register(std::string_view(), nullptr) {}
  /// `rootId` must outlive the module: a literal.
  explicit Register(std::string_view rootId) : Register(rootId, nullptr) {
    // Configuring is where a plugin whose root_id nobody takes can be refused.
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

  /// Whether the classes override the callback; refuses to compile where they get it wrong.
  template <class Callback>
  static consteval bool overridden() {
    using Base = typename Callback::To::Context;
    if constexpr (std::is_same_v<Base, ContextBase>) {
      // Both are checked, whatever the first is.
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
    // The SDK itself needs these two: for them, the checks alone.
    static_cast<void>(overridden<internal::callback::Create>() || overridden<internal::callback::Delete>());
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
