// Passes the host's callbacks to the filter's objects: the registered filters, and the contexts by id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/context.h"
#include "sluice/tcp_context.h"

namespace sluice::internal {

/// Functions that create a filter's root and streams. `link` is where to insert an HTTP stream in its chain.
using CreateRoot = RootContext* (*)();
using CreateStream = void (*)(RootContext& root, uint32_t id, ContextBase** link);

/// One registered filter. It is in static memory, in a list that is built while the module initializes.
struct Registration {
  std::string_view rootId;  // empty: for every root_id without a registration of its own
  CreateRoot createRoot;
  CreateStream createStream;
  const Registration* next;
};

/// CreateRoot and CreateStream for modules with several registrations: they ask the host for the plugin's root_id and
/// use its registration. Without one, createRootByRootId() logs a line and returns null.
RootContext* createRootByRootId();
void createStreamByRootId(RootContext& root, uint32_t id, ContextBase** link);

/// The callbacks of the ABI, by the host's context ids. An id that is unknown, or of the wrong kind, is logged and
/// ignored.
class Dispatch {
 public:
  static void add(Registration& registration);
  /// For a registration whose streams are TCP connections.
  static void addTcp();
  /// The list of all registrations.
  static const Registration* registrations();

  /// Sets a function that is called before a context is deleted, in filters whose contexts can own objects: see
  /// callouts.h. Call it while the module initializes.
  using DropOwned = void (*)(const ContextBase& context);
  static void setDropOwned(DropOwned dropOwned);
  /// Sets a function that is called before a callback of `stream` returns Continue, in filters whose streams wait for
  /// tasks. It returns whether the stream must stay paused in this direction. See task.h.
  using KeepsPaused = bool (*)(const HttpContext& stream, StreamType direction);
  static void setKeepsPaused(KeepsPaused keepsPaused);
  /// Says that a filter overrides onDelete(), in which the SDK then refuses hostcalls about the stream's data. Call it
  /// while the module initializes.
  static void setRefusesInDelete();
  /// In a request or response callback: the callback's direction.
  static StreamType streamOfCallback();

  static void onContextCreate(uint32_t id, uint32_t parentId);
  static uint32_t onDone(uint32_t id);
  static void onLog(uint32_t id);
  static void onDelete(uint32_t id);

  // The receivers of the callbacks in the table of callbacks.h.
  //
  // begin() finds the context with this id. It logs a line and returns null when there is no context of that class.
  // end() takes the result of the context's method and returns the result for the host.
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
  struct ToResponseTrailers : ToResponse {
    [[gnu::always_inline]] static Context* begin(uint32_t id);
    [[gnu::always_inline]] static FilterTrailersStatus end(Context& stream, FilterTrailersStatus status);
  };
  template <StreamType kStream>
  struct ToTcp {
    using Context = TcpContext;
    static Context* begin(uint32_t id);
    static FilterStatus end(Context& stream, FilterStatus status);
  };
  using ToDownstream = ToTcp<StreamType::Downstream>;
  using ToUpstream = ToTcp<StreamType::Upstream>;

  /// The last step of CreateStream: inserts the new stream into its chain and calls onCreate().
  template <class Stream>
  static void enter(Stream* stream, RootContext& root, uint32_t id, ContextBase** link) {
    ContextBase* context = stream;
    context->id_ = id;
    context->root_ = &root;
    context->next_ = *link;
    *link = context;
    context->onCreate();
  }
  /// Where to insert a new TCP stream.
  static ContextBase** tcpChain(uint32_t id);

  /// How many chains of streams there are.
  static constexpr uint32_t kChains = 1024;

  /// Deletes the contexts that bury() has kept.
  static void deleteBuried();

  /// Whether this is a stream whose last callbacks have begun.
  static bool isOver(uint32_t id);
  /// The stream with this id, or null.
  static ContextBase* findStream(uint32_t id);
  static RootContext& rootOf(const ContextBase& stream) { return *stream.root_; }
  /// Logs that a callback with a bad context id was ignored.
  static void ignore(uint32_t id);

 private:
  class LastCallbackScope;
  static RootContext* findRoot(uint32_t id);
  static HttpContext* findHttp(uint32_t id);
  static ContextBase* findAny(uint32_t id);
  static ContextBase** linkTo(ContextBase** link, uint32_t id);
  static HttpContext* searchHttp(uint32_t id);
  static RootContext* searchRoot(uint32_t id);
  static void createRoot(uint32_t id);
  static RootContext* createRootOrSearch(uint32_t id, uint32_t parentId);
  static ContextBase* streamOf(const ContextBase* root);
  static void remove(uint32_t id);
  static void removeOther(uint32_t id);
  static void setTcpStreams(ContextBase** chains);
  template <class Context>
  static void destroy(Context* context);
  template <class Context>
  static void bury(Context* context);
  template <class Context>
  static Context* unearth();
  template <class Context>
  static void deleteNow(Context* context);
};

}  // namespace sluice::internal
