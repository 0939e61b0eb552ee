// The table of the callbacks that a filter can override, and the code that is generated from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "sluice/abi.h"
#include "sluice/context.h"
#include "sluice/internal/dispatch.h"
#include "sluice/internal/exports.h"
#include "sluice/tcp_context.h"

// X(to, snake_name, PascalName, result, (parameters)): the host calls proxy_on_<snake_name>, and the filter overrides
// `result on<PascalName>(parameters)`. `to` says which context receives the callback, and which direction of a stream
// its result pauses: see ToRoot, ToRequest and so on in dispatch.h.
//
// To add a callback, write the virtual function in RootContext, HttpContext or TcpContext, and one row here. (A
// callback that is new to the ABI needs a row in abi.h as well.) The rest is generated: the function that the host
// calls (entry.h); the export in modules whose filter overrides the callback; and the compile errors for an override
// with the wrong signature or access, or spelt on_snake_name or OnPascalName.
#define SLUICE_INTERNAL_ROOT_CALLBACKS(X)                     \
  X(Root, vm_start, Start, bool, (size_t size))               \
  X(Root, configure, Configure, bool, (size_t size))          \
  X(Root, tick, Tick, void, ())                               \
  X(Root, queue_ready, QueueReady, void, (SharedQueue queue)) \
  X(Root, foreign_function, ForeignFunction, void, (uint32_t function, size_t size))
#define SLUICE_INTERNAL_HTTP_CALLBACKS(X)                                                                 \
  X(Request, request_headers, RequestHeaders, FilterHeadersStatus, (uint32_t count, bool endOfStream))    \
  X(Request, request_body, RequestBody, FilterDataStatus, (size_t size, bool endOfStream))                \
  X(Request, request_trailers, RequestTrailers, FilterTrailersStatus, (uint32_t count))                   \
  X(Request, request_metadata, RequestMetadata, FilterMetadataStatus, (uint32_t count))                   \
  X(Response, response_headers, ResponseHeaders, FilterHeadersStatus, (uint32_t count, bool endOfStream)) \
  X(Response, response_body, ResponseBody, FilterDataStatus, (size_t size, bool endOfStream))             \
  X(ResponseTrailers, response_trailers, ResponseTrailers, FilterTrailersStatus, (uint32_t count))        \
  X(Response, response_metadata, ResponseMetadata, FilterMetadataStatus, (uint32_t count))
#define SLUICE_INTERNAL_TCP_CALLBACKS(X)                                                           \
  X(Downstream, new_connection, NewConnection, FilterStatus, ())                                   \
  X(Downstream, downstream_data, DownstreamData, FilterStatus, (size_t size, bool endOfStream))    \
  X(Downstream, downstream_connection_close, DownstreamConnectionClose, void, (PeerType closedBy)) \
  X(Upstream, upstream_data, UpstreamData, FilterStatus, (size_t size, bool endOfStream))          \
  X(Upstream, upstream_connection_close, UpstreamConnectionClose, void, (PeerType closedBy))
#define SLUICE_INTERNAL_CALLBACKS(X) \
  SLUICE_INTERNAL_ROOT_CALLBACKS(X)  \
  SLUICE_INTERNAL_HTTP_CALLBACKS(X)  \
  SLUICE_INTERNAL_TCP_CALLBACKS(X)

// The callbacks of all contexts. Dispatch creates and deletes contexts in them, so dispatch.cc has their functions, and
// Register exports them. The override checks are generated from this table, too.
#define SLUICE_INTERNAL_CONTEXT_CALLBACKS(X) \
  X(Any, context_create, Create, void, ())   \
  X(Any, done, Done, bool, ())               \
  X(Any, log, Log, void, ())                 \
  X(Any, delete, Delete, void, ())

// Without the word `override` the compiler accepts a misspelt callback as a new method of the filter. These are common
// misspellings, in addition to those that are generated from the table: X(misspelt, callback).
#define SLUICE_INTERNAL_MISSPELLINGS(X)             \
  X(onContextCreate, onCreate)                      \
  X(onVmStart, onStart)                             \
  X(onConfig, onConfigure)                          \
  X(onRequestHeader, onRequestHeaders)              \
  X(onRequestData, onRequestBody)                   \
  X(onRequestTrailer, onRequestTrailers)            \
  X(onResponseHeader, onResponseHeaders)            \
  X(onResponseData, onResponseBody)                 \
  X(onResponseTrailer, onResponseTrailers)          \
  X(onConnection, onNewConnection)                  \
  X(onDownstreamClose, onDownstreamConnectionClose) \
  X(onUpstreamClose, onUpstreamConnectionClose)

namespace sluice::internal {

// The signature and the declaring class of a pointer to a member function. A const member function has the signature
// void, because it overrides no callback.
template <class Member>
struct MemberOf {
  using Signature = void;
};
template <class R, class C, class... Args>
struct MemberOf<R (C::*)(Args...)> {
  using Signature = R(Args...);
  using Class = C;
};
template <class R, class C, class... Args>
struct MemberOf<R (C::*)(Args...) noexcept> : MemberOf<R (C::*)(Args...)> {};

template <class>
inline constexpr bool kAlwaysFalse = false;

// Members of the class for one callback: its names in the ABI and in the context classes.
#define SLUICE_INTERNAL_CALLBACK_NAMES(abi_name, method)               \
  /* The function that the host calls, and how a module exports it. */ \
  using Abi = ::sluice::abi::type::abi_name;                           \
  template <auto kFunction>                                            \
  using Export = ::sluice::internal::Export_##abi_name<kFunction>;     \
  /* The method of a context class: its type, and a call of it. */     \
  template <class Context>                                             \
  using MethodOf = decltype(&Context::method);                         \
  static auto invoke(auto& context, auto... args) { return context.method(args...); }

// overriddenBy<Filter, Base>(): whether Filter overrides the method; an incorrect override is a compile error.
// `&Filter::method` is ill-formed when the method is overloaded or not public; its type differs from that of Base's
// method when the signature is wrong.
#define SLUICE_INTERNAL_CALLBACK_OVERRIDE(method, declaration)                                                        \
  template <class Filter, class Base>                                                                                 \
  static consteval bool overriddenBy() {                                                                              \
    if constexpr (requires { &Filter::method; }) {                                                                    \
      using Own = MemberOf<decltype(&Filter::method)>;                                                                \
      using Inherited = MemberOf<decltype(&Base::method)>;                                                            \
      constexpr bool kMatches = std::is_same_v<typename Own::Signature, typename Inherited::Signature>;               \
      static_assert(kMatches, "this " #method " overrides nothing: declare it as `" declaration " override`");        \
      if constexpr (kMatches)                                                                                         \
        return !std::is_same_v<typename Own::Class, typename Inherited::Class>;                                       \
      else                                                                                                            \
        return false;                                                                                                 \
    } else {                                                                                                          \
      static_assert(kAlwaysFalse<Filter>,                                                                             \
                    #method " is overloaded or not public: make it public and keep only `" declaration " override`"); \
      return false;                                                                                                   \
    }                                                                                                                 \
  }

#define SLUICE_INTERNAL_CALLBACK(to, snake_name, PascalName, result, parameters)                              \
  struct PascalName {                                                                                         \
    using To = Dispatch::To##to;                                                                              \
    SLUICE_INTERNAL_CALLBACK_NAMES(proxy_on_##snake_name, on##PascalName)                                     \
    SLUICE_INTERNAL_CALLBACK_OVERRIDE(on##PascalName, #result " on" #PascalName #parameters)                  \
    static_assert(std::is_same_v<MemberOf<MethodOf<To::Context>>::Signature, result parameters>,              \
                  "the table's row for on" #PascalName " and the context class have different declarations"); \
  };

// One class for each callback: callback::RequestHeaders …
namespace callback {
SLUICE_INTERNAL_CONTEXT_CALLBACKS(SLUICE_INTERNAL_CALLBACK)
SLUICE_INTERNAL_CALLBACKS(SLUICE_INTERNAL_CALLBACK)
}  // namespace callback

#undef SLUICE_INTERNAL_CALLBACK
#undef SLUICE_INTERNAL_CALLBACK_OVERRIDE

// A compile error if Filter has a method with one of the misspelt names.
template <class Filter>
consteval bool checkSpelling() {
#define SLUICE_INTERNAL_REFUSE(misspelt, callback) \
  static_assert(                                   \
      !requires { &Filter::misspelt; },            \
      #misspelt " is no callback and would never be called: did you mean `" #callback " … override`?");
#define SLUICE_INTERNAL_REFUSE_OTHER_CASES(to, snake_name, PascalName, result, parameters) \
  SLUICE_INTERNAL_REFUSE(on_##snake_name, on##PascalName)                                  \
  SLUICE_INTERNAL_REFUSE(On##PascalName, on##PascalName)
  SLUICE_INTERNAL_CONTEXT_CALLBACKS(SLUICE_INTERNAL_REFUSE_OTHER_CASES)
  SLUICE_INTERNAL_CALLBACKS(SLUICE_INTERNAL_REFUSE_OTHER_CASES)
  SLUICE_INTERNAL_MISSPELLINGS(SLUICE_INTERNAL_REFUSE)
#undef SLUICE_INTERNAL_REFUSE_OTHER_CASES
#undef SLUICE_INTERNAL_REFUSE
  return true;
}
#undef SLUICE_INTERNAL_MISSPELLINGS

/// The function that the host calls for `Callback`: finds the context and calls its method. Defined in entry.h, which
/// only the sources that compile entries include.
template <class Callback, class To = typename Callback::To, class Abi = typename Callback::Abi,
          class Method = typename Callback::template MethodOf<typename To::Context>>
struct Entry;
template <class Callback, class To, class R, class... Args, class Result, class Class, class... Parameters>
struct Entry<Callback, To, R(uint32_t, Args...), Result (Class::*)(Parameters...)> {
  static R call(uint32_t id, Args... args);
};

/// Makes the module export `Callback`. Pass any template parameter of the caller as `Delay`: the export then exists
/// only if the caller is instantiated.
template <class Callback, class Delay>
void exportCallback() {
  static_cast<void>(typename Callback::template Export<&Entry<Callback>::call>());
}

}  // namespace sluice::internal
