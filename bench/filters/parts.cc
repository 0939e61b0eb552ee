// One small filter, built several times: without any part, and with one part of the SDK, which a macro selects. The
// difference in bytes is the cost of the part.
#include <string>

#include "sluice/sluice.h"
#if defined(PART_PROTOBUF)
#include "filters/parts.pb.h"
#include "sluice/protobuf.h"
#endif

using namespace sluice;
using namespace std::chrono_literals;

#if defined(PART_METRIC)
static Counter requests("requests");
#endif

class PartsStream : public HttpContext {
 public:
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    warnUnlessOk(requestHeaders().add("x-part", "here"), "adding a header");
    return usePart();
  }

 private:
#if defined(PART_CALLOUT) || defined(PART_COROUTINE)
  static constexpr Header kRequest[] = {{":method", "GET"}, {":path", "/"}, {":authority", "service"}};
#endif
#if defined(PART_COROUTINE)
  Task ask() {
    const auto reply = co_await httpCall({.cluster = "service", .headers = kRequest, .timeout = 1s});
    warnUnlessOk(reply.error(), "asking");
  }
#endif

  FilterHeadersStatus usePart() {
#if defined(PART_CALLOUT)
    const auto sent =
        httpCall({.cluster = "service", .headers = kRequest, .timeout = 1s}, [this](const HttpReply& reply) {
          warnUnlessOk(reply.error(), "asking");
          warnUnlessOk(continueRequest(), "continuing");
        });
    if (warnUnlessOk(sent, "calling")) return FilterHeadersStatus::StopAllIterationAndWatermark;
#elif defined(PART_COROUTINE)
    return run(ask());
#elif defined(PART_GRPC)
    const auto sent = grpcCall({.target = "service", .service = "bench.Service", .method = "Ask", .timeout = 1s},
                               "a question", [this](const GrpcReply& reply) {
                                 warnUnlessOk(reply.error(), "asking");
                                 warnUnlessOk(continueRequest(), "continuing");
                               });
    if (warnUnlessOk(sent, "calling")) return FilterHeadersStatus::StopAllIterationAndWatermark;
#elif defined(PART_SHARED_DATA)
    warnUnlessOk(addSharedData<uint32_t>("requests", 1).status(), "counting");
#elif defined(PART_METRIC)
    warnUnlessOk(requests.increment(), "counting");
#elif defined(PART_PROTOBUF)
    bench::Part part;
    part.set_name(std::string(requestHeaders().get(":path").valueOr({})));
    const auto bytes = serialize(part);
    if (bytes) warnUnlessOk(requestHeaders().add("x-message", *bytes), "adding a message");
#endif
    return FilterHeadersStatus::Continue;
  }
};

static Register<PartsStream> registration;
