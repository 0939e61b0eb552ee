// From the host's callbacks to the filter's objects: which filters are registered, and which context has which id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/context.h"
#include "sluice/tcp_context.h"

namespace sluice::internal {

/// How a filter's root and streams are made. `link` is where an HTTP stream goes in its chain of contexts.
using CreateRoot = RootContext* (*)();
using CreateStream = void (*)(RootContext& root, uint32_t id, ContextBase** link);

/// One registered filter. Lives in static memory; the list is built while the module initializes.
struct Registration {
  std::string_view rootId;  // empty: takes every root_id that no other registration names
  CreateRoot createRoot;
  CreateStream createStream;
  const Registration* next;
};

/// CreateRoot and CreateStream where there are several registrations: that of the plugin's root_id, which it asks the
/// host for. No root, after a log line, when none is registered for it.
RootContext* createRootByRootId();
void createStreamByRootId(RootContext& root, uint32_t id, ContextBase** link);

/// The callbacks of the ABI, by the host's context ids. An id that is unknown, or of the wrong kind, is logged and
/// ignored.
class Dispatch {
 public:
  static void add(Registration& registration);
  /// For a registration whose streams are TCP connections.
  static void addTcp();
  /// All that were added.
  static const Registration* registrations();

  /// To be called before a context is deleted, in filters in which contexts can own something: see callouts.h. While
  /// the module initializes.
  using DropOwned = void (*)(const ContextBase& context);
  static void setDropOwned(DropOwned dropOwned);
  /// To be asked before a callback of `stream` returns Continue, in filters in which streams wait for tasks: whether
  /// it must not go on in this direction. See task.h.
  using KeepsPaused = bool (*)(const HttpContext& stream, StreamType direction);
  static void setKeepsPaused(KeepsPaused keepsPaused);
  /// In a request or response callback: which of them it is.
  static StreamType streamOfCallback();

  static void onContextCreate(uint32_t id, uint32_t parentId);
  static uint32_t onDone(uint32_t id);
  static void onLog(uint32_t id);
  static void onDelete(uint32_t id);

  // Whom the host calls with one of the callbacks that are in the table of callbacks.h.
  //
  // begin() finds the context with this id. It returns null, after a log line, when there is none of that class.
  // end() is given what the context's method returns, and returns what the host is told.
  struct ToAny {
    using Context = ContextBase;  // no begin() and end(): these callbacks are the functions above
  };
  struct ToRoot {
    using Context = RootContext;
    [[gnu::always_inline]] static Context* begin(uint32_t id);
    template <class Result>
    static Result end(Context&, Result result) {
      return result;
    }
  };
  template <StreamType kStream>
  struct ToHttp {
    using Context = HttpContext;
    [[gnu::always_inline]] static Context* begin(uint32_t id);
    template <class Status>
    [[gnu::always_inline]] static Status end(Context& stream, Status status);
    // Metadata pauses nothing.
    static FilterMetadataStatus end(Context&, FilterMetadataStatus status) { return status; }
  };
  using ToRequest = ToHttp<StreamType::HttpRequest>;
  using ToResponse = ToHttp<StreamType::HttpResponse>;
  template <StreamType kStream>
  struct ToTcp {
    using Context = TcpContext;
    static Context* begin(uint32_t id);
    static FilterStatus end(Context& stream, FilterStatus status);
  };
  using ToDownstream = ToTcp<StreamType::Downstream>;
  using ToUpstream = ToTcp<StreamType::Upstream>;

  /// The last step of CreateStream: puts the new stream into its chain.
  template <class Stream>
  static void enter(Stream* stream, RootContext& root, uint32_t id, ContextBase** link) {
    ContextBase* context = stream;
    context->id_ = id;
    context->root_ = &root;
    context->next_ = *link;
    *link = context;
    context->onCreate();
  }
  /// Where a new TCP stream goes.
  static ContextBase** tcpChain(uint32_t id);

  /// How many chains of streams there are.
  static constexpr uint32_t kChains = 1024;

  /// Deletes what bury() has kept.
  static void deleteBuried();

  /// The stream with this id, or null; a stream's root.
  static ContextBase* findStream(uint32_t id);
  static RootContext& rootOf(const ContextBase& stream) { return *stream.root_; }
  /// Logs that a callback came for an id that it should not have.
  static void ignore(uint32_t id);

 private:
  static RootContext* findRoot(uint32_t id);
  static HttpContext* findHttp(uint32_t id);
  static ContextBase* findAny(uint32_t id);
  static ContextBase** linkTo(ContextBase** link, uint32_t id);
  static HttpContext* searchHttp(uint32_t id);
  static RootContext* searchRoot(uint32_t id);
  static void createRoot(uint32_t id);
  static RootContext* createRootOrSearch(uint32_t id, uint32_t parentId);
  static ContextBase* streamOf(const ContextBase* root);
  static void deleteSearched(uint32_t id);
  static void setTcpStreams(ContextBase** chains);
  template <class Context>
  static void destroy(Context* context);
  static void bury(ContextBase* context);
  template <class Context>
  static void deleteNow(Context* context);
};

}  // namespace sluice::internal
