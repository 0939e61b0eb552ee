// Registration: which classes the filter is made of.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "sluice/compat/context.h"
#include "sluice/compat/dispatch.h"
#include "sluice/internal/dispatch.h"
#include "sluice/internal/exports.h"

/// What makes root contexts and streams.
using RootFactory = std::function<std::unique_ptr<RootContext>(uint32_t id, std::string_view root_id)>;
using ContextFactory = std::function<std::unique_ptr<Context>(uint32_t id, RootContext* root)>;

/// Factories for the classes `_c`. Only they tell which class it is, and so which callbacks it overrides: with a
/// factory of another kind the module exports all of them.
#define ROOT_FACTORY(_c) \
  ::sluice_compat::RootOf<_c> {}
#define CONTEXT_FACTORY(_c) \
  ::sluice_compat::ContextOf<_c> {}

namespace sluice_compat {

template <class T>
struct RootOf {
  using Made = T;
  std::unique_ptr<::RootContext> operator()(uint32_t id, std::string_view rootId) const {
    return std::make_unique<T>(id, rootId);
  }
};
template <class T>
struct ContextOf {
  using Made = T;
  std::unique_ptr<::Context> operator()(uint32_t id, ::RootContext* root) const {
    return std::make_unique<T>(id, root);
  }
};

/// A class that nobody knows.
struct Unknown {};
/// The class that a factory makes; `Base`, which overrides nothing, where there is no factory.
template <class Factory, class Base>
struct MadeBy {
  using type = Unknown;
};
template <class Factory, class Base>
  requires requires { typename Factory::Made; }
struct MadeBy<Factory, Base> {
  using type = typename Factory::Made;
};
template <class Base>
struct MadeBy<std::nullptr_t, Base> {
  using type = Base;
};

// mayOverride_<method><Filter, Base>(): false when Filter surely has Base's own. A method that cannot be named is
// overloaded, or private, which filters may do: then it may be an override.
#define SLUICE_COMPAT_MAY_OVERRIDE(method)                                        \
  template <class Filter, class Base>                                             \
  consteval bool mayOverride_##method() {                                         \
    if constexpr (requires { &Filter::method; })                                  \
      return !std::is_same_v<decltype(&Filter::method), decltype(&Base::method)>; \
    else                                                                          \
      return true;                                                                \
  }
SLUICE_COMPAT_MAY_OVERRIDE(onDoneBase)
SLUICE_COMPAT_MAY_OVERRIDE(onDone)
SLUICE_COMPAT_MAY_OVERRIDE(onLog)
SLUICE_COMPAT_MAY_OVERRIDE(onForeignFunction)
#define SLUICE_COMPAT_ROOT_CALLBACKS(X)                                                                              \
  X(onStart, proxy_on_vm_start, SdkDispatch::onVmStart)                                                              \
  X(onConfigure, proxy_on_configure, SdkDispatch::onConfigure)                                                       \
  X(onTick, proxy_on_tick, SdkDispatch::onTick)                                                                      \
  X(validateConfiguration, proxy_validate_configuration, OwnDispatch::onValidateConfiguration)                       \
  X(onQueueReady, proxy_on_queue_ready, SdkDispatch::onQueueReady)                                                   \
  X(onHttpCallResponse, proxy_on_http_call_response, OwnDispatch::onHttpCallResponse)                                \
  X(onGrpcReceiveInitialMetadata, proxy_on_grpc_receive_initial_metadata, OwnDispatch::onGrpcReceiveInitialMetadata) \
  X(onGrpcReceiveTrailingMetadata, proxy_on_grpc_receive_trailing_metadata,                                          \
    OwnDispatch::onGrpcReceiveTrailingMetadata)                                                                      \
  X(onGrpcReceive, proxy_on_grpc_receive, OwnDispatch::onGrpcReceive)                                                \
  X(onGrpcClose, proxy_on_grpc_close, OwnDispatch::onGrpcClose)
#define SLUICE_COMPAT_STREAM_CALLBACKS(X)                                                                        \
  X(onNewConnection, proxy_on_new_connection, OwnDispatch::onNewConnection)                                      \
  X(onDownstreamData, proxy_on_downstream_data, OwnDispatch::onDownstreamData)                                   \
  X(onUpstreamData, proxy_on_upstream_data, OwnDispatch::onUpstreamData)                                         \
  X(onDownstreamConnectionClose, proxy_on_downstream_connection_close, OwnDispatch::onDownstreamConnectionClose) \
  X(onUpstreamConnectionClose, proxy_on_upstream_connection_close, OwnDispatch::onUpstreamConnectionClose)       \
  X(onRequestHeaders, proxy_on_request_headers, SdkDispatch::onRequestHeaders)                                   \
  X(onRequestMetadata, proxy_on_request_metadata, SdkDispatch::onRequestMetadata)                                \
  X(onRequestBody, proxy_on_request_body, SdkDispatch::onRequestBody)                                            \
  X(onRequestTrailers, proxy_on_request_trailers, SdkDispatch::onRequestTrailers)                                \
  X(onResponseHeaders, proxy_on_response_headers, SdkDispatch::onResponseHeaders)                                \
  X(onResponseMetadata, proxy_on_response_metadata, SdkDispatch::onResponseMetadata)                             \
  X(onResponseBody, proxy_on_response_body, SdkDispatch::onResponseBody)                                         \
  X(onResponseTrailers, proxy_on_response_trailers, SdkDispatch::onResponseTrailers)
#define SLUICE_COMPAT_MAY_OVERRIDE_ROW(method, name, function) SLUICE_COMPAT_MAY_OVERRIDE(method)
SLUICE_COMPAT_ROOT_CALLBACKS(SLUICE_COMPAT_MAY_OVERRIDE_ROW)
SLUICE_COMPAT_STREAM_CALLBACKS(SLUICE_COMPAT_MAY_OVERRIDE_ROW)
#undef SLUICE_COMPAT_MAY_OVERRIDE_ROW
#undef SLUICE_COMPAT_MAY_OVERRIDE

/// Exports the callbacks that Root or Stream may override, and those without which there are no contexts.
template <class Root, class Stream>
void exportCallbacks() {
  // Dependent names: otherwise naming an export would instantiate it whether or not it is reached.
  using SdkDispatch = std::conditional_t<std::is_void_v<Root>, void, sluice::internal::Dispatch>;
  using OwnDispatch = std::conditional_t<std::is_void_v<Root>, void, Dispatch>;
#define SLUICE_COMPAT_EXPORT(condition, name, function) \
  if constexpr (condition) static_cast<void>(sluice::internal::Export_##name<&function>());
#define SLUICE_COMPAT_EXPORT_ROOT(method, name, function) \
  SLUICE_COMPAT_EXPORT((mayOverride_##method<Root, ::RootContext>()), name, function)
#define SLUICE_COMPAT_EXPORT_STREAM(method, name, function) \
  SLUICE_COMPAT_EXPORT((mayOverride_##method<Stream, ::Context>()), name, function)
#define SLUICE_COMPAT_EITHER(method) \
  (mayOverride_##method<Root, ::RootContext>() || mayOverride_##method<Stream, ::Context>())
  SLUICE_COMPAT_EXPORT(true, proxy_on_context_create, SdkDispatch::onContextCreate)
  SLUICE_COMPAT_EXPORT(true, proxy_on_delete, SdkDispatch::onDelete)
  SLUICE_COMPAT_EXPORT(SLUICE_COMPAT_EITHER(onDone) || SLUICE_COMPAT_EITHER(onDoneBase), proxy_on_done,
                       SdkDispatch::onDone)
  SLUICE_COMPAT_EXPORT(SLUICE_COMPAT_EITHER(onLog), proxy_on_log, SdkDispatch::onLog)
  SLUICE_COMPAT_EXPORT(SLUICE_COMPAT_EITHER(onForeignFunction), proxy_on_foreign_function,
                       OwnDispatch::onForeignFunction)
  SLUICE_COMPAT_ROOT_CALLBACKS(SLUICE_COMPAT_EXPORT_ROOT)
  SLUICE_COMPAT_STREAM_CALLBACKS(SLUICE_COMPAT_EXPORT_STREAM)
#undef SLUICE_COMPAT_EITHER
#undef SLUICE_COMPAT_EXPORT_STREAM
#undef SLUICE_COMPAT_EXPORT_ROOT
#undef SLUICE_COMPAT_EXPORT
  static_cast<void>(sluice::internal::Export_proxy_on_memory_allocate<&sluice::internal::hostAllocate>());
}
#undef SLUICE_COMPAT_ROOT_CALLBACKS
#undef SLUICE_COMPAT_STREAM_CALLBACKS

template <class Factory>
concept MakesRoots = std::convertible_to<Factory, RootFactory>;
template <class Factory>
concept MakesContexts = std::convertible_to<Factory, ContextFactory>;

/// A registration with its factories, which lives as long as the module.
template <class ContextMaker, class RootMaker>
struct Registered : Factories {
  // Null, or a std::function without a target, makes nothing.
  template <class Maker>
  static bool makes(const Maker& maker) {
    if constexpr (requires { maker == nullptr; })
      return !(maker == nullptr);
    else
      return true;
  }

  Registered(ContextMaker context, RootMaker root, std::string_view id)
      : contextMaker(std::move(context)), rootMaker(std::move(root)) {
    rootId = id;
    if constexpr (!std::is_same_v<ContextMaker, std::nullptr_t>) {
      if (makes(contextMaker)) {
        createContext = [](const Factories& self, uint32_t id, ::RootContext* owner) -> std::unique_ptr<::Context> {
          return static_cast<const Registered&>(self).contextMaker(id, owner);
        };
      }
    }
    if constexpr (!std::is_same_v<RootMaker, std::nullptr_t>) {
      if (makes(rootMaker)) {
        createRoot = [](const Factories& self, uint32_t id, std::string_view name) -> std::unique_ptr<::RootContext> {
          return static_cast<const Registered&>(self).rootMaker(id, name);
        };
      }
    }
  }

  [[no_unique_address]] ContextMaker contextMaker;
  [[no_unique_address]] RootMaker rootMaker;
};

/// `text`, for as long as the module lives.
std::string_view keep(std::string_view text);

}  // namespace sluice_compat

/// Registers, at namespace scope, what makes the streams and the root contexts of the plugins configured with
/// `root_id`: any two, or one, of CONTEXT_FACTORY(MyContext), ROOT_FACTORY(MyRootContext), functions and nullptr.
///
///     static RegisterContextFactory register_Example(CONTEXT_FACTORY(MyContext), ROOT_FACTORY(MyRootContext),
///     "my_root");
struct RegisterContextFactory {
  template <class ContextMaker, class RootMaker>
    requires(sluice_compat::MakesContexts<ContextMaker> && sluice_compat::MakesRoots<RootMaker>)
  RegisterContextFactory(ContextMaker context_factory, RootMaker root_factory, std::string_view root_id = "") {
    sluice_compat::exportCallbacks<typename sluice_compat::MadeBy<RootMaker, RootContext>::type,
                                   typename sluice_compat::MadeBy<ContextMaker, Context>::type>();
    // Never deleted.
    sluice_compat::Dispatch::add(*new sluice_compat::Registered<ContextMaker, RootMaker>(
        std::move(context_factory), std::move(root_factory), sluice_compat::keep(root_id)));
  }
  template <class ContextMaker>
    requires(sluice_compat::MakesContexts<ContextMaker> && !std::is_same_v<ContextMaker, std::nullptr_t>)
  explicit RegisterContextFactory(ContextMaker context_factory, std::string_view root_id = "")
      : RegisterContextFactory(std::move(context_factory), nullptr, root_id) {}
  template <class RootMaker>
    requires(sluice_compat::MakesRoots<RootMaker> && !std::is_same_v<RootMaker, std::nullptr_t>)
  explicit RegisterContextFactory(RootMaker root_factory, std::string_view root_id = "")
      : RegisterContextFactory(nullptr, std::move(root_factory), root_id) {}
};
