// Which callbacks a class overrides, known at compile time, and errors for overrides that C++ would silently ignore.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "sluice/context.h"
#include "sluice/tcp_context.h"

namespace sluice::internal {

// The signature and the declaring class of a pointer to a member function; a const member overrides nothing here.
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

// overrides_<method><Filter, Base>(): whether Filter has its own. `&Filter::method` cannot be named when it is
// overloaded or not public; it has another type than Base's when the signature is another.
#define SLUICE_INTERNAL_OVERRIDE(method, declaration)                                                                 \
  template <class Filter, class Base>                                                                                 \
  consteval bool overrides_##method() {                                                                               \
    if constexpr (requires { &Filter::method; }) {                                                                    \
      using Own = MemberOf<decltype(&Filter::method)>;                                                                \
      constexpr bool kMatches =                                                                                       \
          std::is_same_v<typename Own::Signature, typename MemberOf<decltype(&Base::method)>::Signature>;             \
      static_assert(kMatches, "this " #method " overrides nothing: declare it as `" declaration " override`");        \
      if constexpr (kMatches)                                                                                         \
        return !std::is_same_v<typename Own::Class, typename MemberOf<decltype(&Base::method)>::Class>;               \
      else                                                                                                            \
        return false;                                                                                                 \
    } else {                                                                                                          \
      static_assert(kAlwaysFalse<Filter>,                                                                             \
                    #method " is overloaded or not public: make it public and keep only `" declaration " override`"); \
      return false;                                                                                                   \
    }                                                                                                                 \
  }

#define SLUICE_INTERNAL_BASE_CALLBACKS(X) \
  X(onCreate, "void onCreate()")          \
  X(onDone, "bool onDone()")              \
  X(onLog, "void onLog()")                \
  X(onDelete, "void onDelete()")
#define SLUICE_INTERNAL_ROOT_CALLBACKS(X)                 \
  X(onStart, "bool onStart(size_t size)")                 \
  X(onConfigure, "bool onConfigure(size_t size)")         \
  X(onTick, "void onTick()")                              \
  X(onQueueReady, "void onQueueReady(SharedQueue queue)") \
  X(onForeignFunction, "void onForeignFunction(uint32_t function, size_t size)")
#define SLUICE_INTERNAL_HTTP_CALLBACKS(X)                                                         \
  X(onRequestHeaders, "FilterHeadersStatus onRequestHeaders(uint32_t count, bool endOfStream)")   \
  X(onRequestBody, "FilterDataStatus onRequestBody(size_t size, bool endOfStream)")               \
  X(onRequestTrailers, "FilterTrailersStatus onRequestTrailers(uint32_t count)")                  \
  X(onResponseHeaders, "FilterHeadersStatus onResponseHeaders(uint32_t count, bool endOfStream)") \
  X(onResponseBody, "FilterDataStatus onResponseBody(size_t size, bool endOfStream)")             \
  X(onResponseTrailers, "FilterTrailersStatus onResponseTrailers(uint32_t count)")                \
  X(onRequestMetadata, "FilterMetadataStatus onRequestMetadata(uint32_t count)")                  \
  X(onResponseMetadata, "FilterMetadataStatus onResponseMetadata(uint32_t count)")
#define SLUICE_INTERNAL_TCP_CALLBACKS(X)                                                \
  X(onNewConnection, "FilterStatus onNewConnection()")                                  \
  X(onDownstreamData, "FilterStatus onDownstreamData(size_t size, bool endOfStream)")   \
  X(onUpstreamData, "FilterStatus onUpstreamData(size_t size, bool endOfStream)")       \
  X(onDownstreamConnectionClose, "void onDownstreamConnectionClose(PeerType closedBy)") \
  X(onUpstreamConnectionClose, "void onUpstreamConnectionClose(PeerType closedBy)")

SLUICE_INTERNAL_BASE_CALLBACKS(SLUICE_INTERNAL_OVERRIDE)
SLUICE_INTERNAL_ROOT_CALLBACKS(SLUICE_INTERNAL_OVERRIDE)
SLUICE_INTERNAL_HTTP_CALLBACKS(SLUICE_INTERNAL_OVERRIDE)
SLUICE_INTERNAL_TCP_CALLBACKS(SLUICE_INTERNAL_OVERRIDE)
#undef SLUICE_INTERNAL_OVERRIDE
#undef SLUICE_INTERNAL_BASE_CALLBACKS
#undef SLUICE_INTERNAL_ROOT_CALLBACKS
#undef SLUICE_INTERNAL_HTTP_CALLBACKS
#undef SLUICE_INTERNAL_TCP_CALLBACKS

// Without the word `override` the compiler takes a misspelt callback for a method of the filter's own. These are the
// spellings that people write: X(misspelt, callback).
#define SLUICE_INTERNAL_MISSPELLINGS(X)                          \
  X(onRequestHeader, onRequestHeaders)                           \
  X(onRequestsHeaders, onRequestHeaders)                         \
  X(onHttpRequestHeaders, onRequestHeaders)                      \
  X(OnRequestHeaders, onRequestHeaders)                          \
  X(on_request_headers, onRequestHeaders)                        \
  X(onResponseHeader, onResponseHeaders)                         \
  X(onResponsesHeaders, onResponseHeaders)                       \
  X(onReponseHeaders, onResponseHeaders)                         \
  X(onHttpResponseHeaders, onResponseHeaders)                    \
  X(OnResponseHeaders, onResponseHeaders)                        \
  X(on_response_headers, onResponseHeaders)                      \
  X(onRequestData, onRequestBody)                                \
  X(onRequestBodies, onRequestBody)                              \
  X(onHttpRequestBody, onRequestBody)                            \
  X(OnRequestBody, onRequestBody)                                \
  X(on_request_body, onRequestBody)                              \
  X(onResponseData, onResponseBody)                              \
  X(onReponseBody, onResponseBody)                               \
  X(onHttpResponseBody, onResponseBody)                          \
  X(OnResponseBody, onResponseBody)                              \
  X(on_response_body, onResponseBody)                            \
  X(onRequestTrailer, onRequestTrailers)                         \
  X(onHttpRequestTrailers, onRequestTrailers)                    \
  X(OnRequestTrailers, onRequestTrailers)                        \
  X(on_request_trailers, onRequestTrailers)                      \
  X(onResponseTrailer, onResponseTrailers)                       \
  X(onHttpResponseTrailers, onResponseTrailers)                  \
  X(OnResponseTrailers, onResponseTrailers)                      \
  X(on_response_trailers, onResponseTrailers)                    \
  X(onVmStart, onStart)                                          \
  X(onVMStart, onStart)                                          \
  X(OnStart, onStart)                                            \
  X(onConfig, onConfigure)                                       \
  X(onConfigured, onConfigure)                                   \
  X(onPluginStart, onConfigure)                                  \
  X(OnConfigure, onConfigure)                                    \
  X(on_configure, onConfigure)                                   \
  X(onTicks, onTick)                                             \
  X(onTimer, onTick)                                             \
  X(OnTick, onTick)                                              \
  X(on_tick, onTick)                                             \
  X(onQueue, onQueueReady)                                       \
  X(onQueueReadys, onQueueReady)                                 \
  X(OnQueueReady, onQueueReady)                                  \
  X(on_queue_ready, onQueueReady)                                \
  X(onForeignFunctions, onForeignFunction)                       \
  X(OnForeignFunction, onForeignFunction)                        \
  X(on_foreign_function, onForeignFunction)                      \
  X(onRequestMetaData, onRequestMetadata)                        \
  X(OnRequestMetadata, onRequestMetadata)                        \
  X(on_request_metadata, onRequestMetadata)                      \
  X(onResponseMetaData, onResponseMetadata)                      \
  X(OnResponseMetadata, onResponseMetadata)                      \
  X(on_response_metadata, onResponseMetadata)                    \
  X(onConnection, onNewConnection)                               \
  X(onNewConnections, onNewConnection)                           \
  X(OnNewConnection, onNewConnection)                            \
  X(on_new_connection, onNewConnection)                          \
  X(onDownstreamBody, onDownstreamData)                          \
  X(OnDownstreamData, onDownstreamData)                          \
  X(on_downstream_data, onDownstreamData)                        \
  X(onUpstreamBody, onUpstreamData)                              \
  X(OnUpstreamData, onUpstreamData)                              \
  X(on_upstream_data, onUpstreamData)                            \
  X(onDownstreamClose, onDownstreamConnectionClose)              \
  X(onDownstreamConnectionClosed, onDownstreamConnectionClose)   \
  X(OnDownstreamConnectionClose, onDownstreamConnectionClose)    \
  X(on_downstream_connection_close, onDownstreamConnectionClose) \
  X(onUpstreamClose, onUpstreamConnectionClose)                  \
  X(onUpstreamConnectionClosed, onUpstreamConnectionClose)       \
  X(OnUpstreamConnectionClose, onUpstreamConnectionClose)        \
  X(on_upstream_connection_close, onUpstreamConnectionClose)     \
  X(onCreated, onCreate)                                         \
  X(onContextCreate, onCreate)                                   \
  X(OnCreate, onCreate)                                          \
  X(OnDone, onDone)                                              \
  X(on_done, onDone)                                             \
  X(onHttpStreamDone, onDone)                                    \
  X(OnLog, onLog)                                                \
  X(on_log, onLog)                                               \
  X(onHttpLog, onLog)                                            \
  X(onDeleted, onDelete)                                         \
  X(OnDelete, onDelete)

template <class Filter>
consteval bool checkSpelling() {
#define SLUICE_INTERNAL_CHECK_SPELLING(misspelt, callback) \
  static_assert(                                           \
      !requires { &Filter::misspelt; },                    \
      #misspelt " is no callback and would never be called: did you mean `" #callback " … override`?");
  SLUICE_INTERNAL_MISSPELLINGS(SLUICE_INTERNAL_CHECK_SPELLING)
#undef SLUICE_INTERNAL_CHECK_SPELLING
  return true;
}
#undef SLUICE_INTERNAL_MISSPELLINGS

}  // namespace sluice::internal
