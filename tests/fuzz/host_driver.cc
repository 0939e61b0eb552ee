#include "host_driver.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "host_impl.h"
#include "sluice/abi.h"
#include "sluice/host/host.h"

namespace sluice::fuzz {

using namespace sluice::host;

uint8_t Choices::byte() {
  if (bytes_.empty()) return 0;
  const auto first = static_cast<uint8_t>(bytes_.front());
  bytes_.remove_prefix(1);
  return first;
}

uint32_t Choices::word() {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | byte();
  return value;
}

Limits smallLimits() {
  return {.instructions = 20'000,
          .memoryPages = 40,
          .callDepth = 200,
          .stackValues = 5'000,
          .tableElements = 5'000,
          .hostBytes = 200'000,
          .callbacks = 200,
          .callbackDepth = 20};
}

std::string Choices::text(size_t max) {
  const std::string text(bytes_.substr(0, std::min(bytes_.size(), below(max + 1))));
  bytes_.remove_prefix(text.size());
  return text;
}

namespace {

constexpr std::string_view kCallbacks[] = {
#define FUZZ_NAME(first, last, name, result, params) #name,
    SLUICE_ABI_CALLBACKS(FUZZ_NAME)
#undef FUZZ_NAME
};

class Driver {
 public:
  Driver(const std::shared_ptr<Module>& module, std::string_view configuration, Choices& events)
      : events_(events), host_(events.flag() ? Profile::envoy() : Profile::specification()) {
    addServices();
    const size_t count = 1 + events.below(2);
    const bool sameVm = events.flag();
    for (size_t i = 0; i < count; ++i) {
      PluginOptions options{.name = "filter",
                            .vmId = sameVm ? "vm" : std::to_string(i),
                            .configuration = std::string(configuration),
                            .environment = {{"name", "value"}},
                            .failPolicy = static_cast<FailPolicy>(events.below(3)),
                            .limits = smallLimits()};
      chain_.push_back(std::make_shared<Plugin>(host_.impl().load(module, std::move(options))));
    }
  }

  void run() {
    for (int left = 40; left > 0 && !events_.empty(); --left) {
      try {
        step();
      } catch (const Error&) {  // A trap, or an action that makes no sense now.
      }
    }
  }

 private:
  void addServices() {
    host_.addCluster("svc", [this](const Callout&) { return reply(); });
    GrpcService service;
    service.onCall = [this](const GrpcCall&) { return grpcReply(); };
    service.onOpen = [this](GrpcStream& stream) { answer(stream); };
    service.onMessage = [this](GrpcStream& stream, std::string_view) { answer(stream); };
    service.onHalfClose = [this](GrpcStream& stream) { answer(stream); };
    host_.addGrpcService("svc", std::move(service));
  }

  std::chrono::nanoseconds delay() { return std::chrono::milliseconds(events_.below(4)); }

  CalloutReply reply() {
    switch (events_.below(5)) {
      case 0:
        return CalloutReply::never();
      case 1:
        return CalloutReply::connectionFailure();
      case 2:
        return CalloutReply::reset();
      default:
        return CalloutReply::of(message(respond(200, "reply")), delay());
    }
  }

  GrpcReply grpcReply() {
    switch (events_.below(7)) {
      case 0:
        return GrpcReply::never();
      case 1:
        return GrpcReply::connectionFailure(delay());
      case 2:
        return GrpcReply::reset(delay());
      case 3:
        return GrpcReply::malformed(delay());
      case 4:
        return GrpcReply::notGrpc(events_.word() % 1000, delay());
      case 5:
        return GrpcReply::error(static_cast<GrpcStatus>(events_.below(18)), "text", delay());
      default:
        return GrpcReply::of("message", delay());
    }
  }

  void answer(GrpcStream& stream) {
    if (events_.flag()) stream.sendInitialMetadata({{"x-a", "b"}});
    if (events_.flag()) stream.send(events_.text(20));
    if (events_.flag()) stream.end(grpcReply());
  }

  Message message(Message message) {
    for (size_t i = events_.below(3); i > 0; --i) message.headers.emplace_back("x-" + events_.text(3), events_.text(5));
    for (size_t i = events_.below(4); i > 0; --i) message.chunks.push_back(events_.text(30));
    if (events_.flag()) message.trailers = {{"x-t", events_.text(5)}};
    return message;
  }

  Plugin& plugin() { return *chain_[events_.below(chain_.size())]; }

  void step() {
    switch (events_.below(8)) {
      case 0:
        return open();
      case 1:
      case 2:
        return http();
      case 3:
        return tcp();
      case 4:
        return callback();
      case 5:
        return host();
      default:
        return host_.advance(delay());
    }
  }

  void open() {
    if (events_.flag()) {
      stream_ = host_.openStream(chain_);
      if (events_.flag()) stream_->request(message(post("/", "")));
      if (events_.flag()) stream_->respondWith(message(ok()));
    } else {
      connection_ = host_.openTcpStream(chain_);
    }
  }

  void http() {
    if (stream_ == nullptr) return;
    HttpStream& stream = *stream_;
    switch (events_.below(14)) {
      case 0:
        return stream.requestHeaders(message(get("/")).headers, events_.flag());
      case 1:
        return stream.requestBody(events_.text(50), events_.flag());
      case 2:
        return stream.requestTrailers({{"x-t", "v"}});
      case 3:
        return stream.requestMetadata({{"x-m", "v"}});
      case 4:
        return stream.responseHeaders(message(ok()).headers, events_.flag());
      case 5:
        return stream.responseBody(events_.text(50), events_.flag());
      case 6:
        return stream.responseTrailers({{"x-t", "v"}});
      case 7:
        return stream.responseMetadata({{"x-m", "v"}});
      case 8:
        return stream.response(message(ok()));
      case 9:
        return stream.upstreamReset();
      case 10:
        return stream.close();
      case 11:
        stream_.reset();
        return;
      case 12:
        return stream.setProperty("request.id", events_.text(10));
      default:
        return stream.request(message(get("/")));
    }
  }

  void tcp() {
    if (connection_ == nullptr) return;
    TcpStream& connection = *connection_;
    switch (events_.below(5)) {
      case 0:
        return connection.downstreamData(events_.text(50), events_.flag());
      case 1:
        return connection.upstreamData(events_.text(50), events_.flag());
      case 2:
        return connection.downstreamClose();
      case 3:
        return connection.upstreamClose();
      default:
        connection_.reset();
    }
  }

  // Any callback with any arguments, for any context.
  void callback() {
    const std::string_view name = kCallbacks[events_.below(std::size(kCallbacks))];
    std::vector<uint64_t> arguments;
    for (size_t i = events_.below(6); i > 0; --i)
      arguments.push_back(events_.flag() ? events_.below(8) : events_.word());
    (void)plugin().callback(name, arguments, static_cast<uint32_t>(events_.below(6)));
  }

  void host() {
    switch (events_.below(9)) {
      case 0:
        (void)host_.enqueue(static_cast<uint32_t>(events_.below(4)), events_.text(10));
        return;
      case 1:
        return host_.setSharedData("vm", events_.text(4), events_.text(10));
      case 2:
        return plugin().foreignFunction(static_cast<uint32_t>(events_.below(4)), events_.text(20));
      case 3:
        return host_.failAllHostcalls(static_cast<Status>(events_.below(13)));
      case 4:
        return host_.failAllocation(1 + events_.below(4), events_.flag());
      case 5:
        return host_.misplaceHostcall("proxy_get_buffer_bytes", events_.word(), events_.word());
      case 6:
        (void)plugin().shutdown();
        return;
      case 7:
        host_.clearLogs();
        return;
      default:
        return host_.clearFaults();
    }
  }

  Choices& events_;
  Host host_;
  std::vector<std::shared_ptr<Plugin>> chain_;
  std::unique_ptr<HttpStream> stream_;
  std::unique_ptr<TcpStream> connection_;
};

}  // namespace

void drive(const std::shared_ptr<Module>& module, std::string_view configuration, Choices& events) {
  try {
    Driver(module, configuration, events).run();
  } catch (const Error&) {  // The module cannot be loaded.
  }
}

}  // namespace sluice::fuzz
