// Registration: says which classes make up a filter.
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
#include "sluice/internal/callbacks.h"
#include "sluice/internal/dispatch.h"
#include "sluice/internal/exports.h"

/// Factories of root contexts and streams.
using RootFactory = std::function<std::unique_ptr<RootContext>(uint32_t id, std::string_view root_id)>;
using ContextFactory = std::function<std::unique_ptr<Context>(uint32_t id, RootContext* root)>;

/// Factories for the class `_c`. Only with these does the SDK know the class and the callbacks that it overrides; with
/// any other factory the module exports all callbacks.
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

/// Stands for an unknown class.
struct Unknown {};
/// The class that a factory makes; without a factory, `Base`, which overrides nothing.
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

/// False when Filter certainly uses Base's method for `Callback`, or Base has none. A method that cannot be named is
/// overloaded or private, which is allowed here; it may be an override.
template <class Callback, class Filter, class Base>
consteval bool mayOverride() {
  if constexpr (!requires { typename Callback::template MethodOf<Base>; })
    return false;
  else if constexpr (requires { typename Callback::template MethodOf<Filter>; })
    return !std::is_same_v<typename Callback::template MethodOf<Filter>, typename Callback::template MethodOf<Base>>;
  else
    return true;
}
template <class Callback, class Root, class Stream>
consteval bool mayOverrideEither() {
  return mayOverride<Callback, Root, ::RootContext>() || mayOverride<Callback, Stream, ::Context>();
}

/// The receivers of the SDK's callbacks: the SDK's contexts, which pass the callback to the filter's contexts. There is
/// no separate one for TCP, because a host does not say whether a new stream is HTTP or TCP.
template <class To>
struct OldTo {
  using type = To;
};
template <sluice::StreamType kStream>
struct OldTo<sluice::internal::Dispatch::ToTcp<kStream>> {
  using type = Dispatch::ToStream;
};
/// The function that the host calls for `Callback`.
template <class Callback>
inline constexpr auto kEntry = &sluice::internal::Entry<Callback, typename OldTo<typename Callback::To>::type>::call;
template <>
inline constexpr auto kEntry<sluice::internal::callback::ForeignFunction> = &Dispatch::onForeignFunction;

template <class Callback, class Root, class Stream>
void exportIfOverridden() {
  if constexpr (mayOverrideEither<Callback, Root, Stream>())
    static_cast<void>(typename Callback::template Export<kEntry<Callback>>());
}

/// Exports the callbacks that Root or Stream may override, and those that create and delete contexts.
template <class Root, class Stream>
void exportCallbacks() {
  using sluice::internal::callback::Done, sluice::internal::callback::Log;
  // A dependent name: with a non-dependent one, naming an export would instantiate it even in a branch that is
  // discarded.
  using D = std::conditional_t<std::is_void_v<Root>, void, sluice::internal::Dispatch>;
  static_cast<void>(sluice::internal::Export_proxy_on_memory_allocate<&sluice::internal::hostAllocate>());
  static_cast<void>(sluice::internal::Export_proxy_on_context_create<&D::onContextCreate>());
  static_cast<void>(sluice::internal::Export_proxy_on_delete<&D::onDelete>());
  sluice::internal::Dispatch::setRefusesInDelete();
  sluice::internal::buryAllContexts();
  if constexpr (mayOverrideEither<Done, Root, Stream>() || mayOverrideEither<callback::DoneBase, Root, Stream>())
    static_cast<void>(sluice::internal::Export_proxy_on_done<&D::onDone>());
  if constexpr (mayOverrideEither<Log, Root, Stream>())
    static_cast<void>(sluice::internal::Export_proxy_on_log<&D::onLog>());
#define SLUICE_COMPAT_EXPORT(to, snake_name, PascalName, result, parameters) \
  exportIfOverridden<sluice::internal::callback::PascalName, Root, Stream>();
  SLUICE_INTERNAL_CALLBACKS(SLUICE_COMPAT_EXPORT)
#undef SLUICE_COMPAT_EXPORT
  exportIfOverridden<callback::ValidateConfiguration, Root, Stream>();
  exportIfOverridden<callback::HttpCallResponse, Root, Stream>();
  exportIfOverridden<callback::GrpcReceiveInitialMetadata, Root, Stream>();
  exportIfOverridden<callback::GrpcReceiveTrailingMetadata, Root, Stream>();
  exportIfOverridden<callback::GrpcReceive, Root, Stream>();
  exportIfOverridden<callback::GrpcClose, Root, Stream>();
}

template <class Factory>
concept MakesRoots = std::convertible_to<Factory, RootFactory>;
template <class Factory>
concept MakesContexts = std::convertible_to<Factory, ContextFactory>;

/// A registration with its factories. It lives as long as the module.
template <class ContextMaker, class RootMaker>
struct Registered : Factories {
  // Null or an empty std::function makes no context.
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

/// Returns a copy of `text` that lives as long as the module.
std::string_view keep(std::string_view text);

}  // namespace sluice_compat

/// Registers, at namespace scope, the factories for streams and root contexts of the plugins configured with `root_id`.
/// Pass one or two of CONTEXT_FACTORY(MyContext), ROOT_FACTORY(MyRootContext), functions and nullptr.
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
