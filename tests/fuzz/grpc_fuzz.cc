// gRPC calls, streams and readers, and HTTP callouts. The filter takes random steps in each callback; the host makes
// random callbacks at any time and gives any answers.
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "driver.h"
#include "sluice/sluice.h"

using namespace sluice;
using fuzz::fakeHost;

namespace {

constexpr std::chrono::milliseconds kTimeout(100);
constexpr Header kHeaders[] = {{":method", "GET"}, {":path", "/"}, {":authority", "a"}};
constexpr size_t kSlots = 2;

// A step may lead to a callback that takes more steps.
int depth = 0;

void touch(const Result<std::string_view>& bytes) { fuzz::touch(bytes.valueOr({})); }

// What a filter does with its calls; in the context `owner`.
template <class Context>
class Steps {
 public:
  explicit Steps(Context& owner) : owner_(owner) {}
  void take();

 private:
  class Stream : public GrpcStream {
   public:
    explicit Stream(Steps& steps) : steps_(steps) {}

   private:
    void onInitialMetadata(uint32_t) override {
      static_cast<void>(initialMetadata().getAll());
      steps_.take();
    }
    void onMessage(size_t) override {
      touch(message());
      steps_.take();
    }
    void onTrailingMetadata(uint32_t) override { steps_.take(); }
    void onClose(GrpcStatus, std::string_view text) override {
      fuzz::touch(text);
      steps_.take();
    }
    Steps& steps_;
  };

  void stepWith(std::unique_ptr<Stream>& stream, uint8_t what);
  void stepWith(std::unique_ptr<GrpcReader>& reader, uint8_t what);
  Task read(size_t slot);
  Task call(bool together);
  Task readOwn();

  Context& owner_;
  std::array<std::unique_ptr<Stream>, kSlots> streams_;
  std::array<std::unique_ptr<GrpcReader>, kSlots> readers_;
};

const GrpcStreamRequest kStream{.target = "feeds", .service = "feed.Feed", .method = "Watch"};
const GrpcRequest kCall{.target = "feeds", .service = "feed.Feed", .method = "Get", .timeout = kTimeout};

template <class Context>
void Steps<Context>::take() {
  if (depth == 4) return;
  ++depth;
  auto& input = fakeHost().input;
  for (int count = input.byte() % 4; count > 0; --count) {
    const uint8_t what = input.byte();
    const size_t slot = what / 128;
    switch (what % 16) {
      case 0:
        static_cast<void>(owner_.grpcCall(kCall, "question", [this](const GrpcReply& reply) {
          touch(reply.message());
          touch(reply.statusMessage());
          static_cast<void>(reply.keep());
          take();
        }));
        break;
      case 1:
        static_cast<void>(
            owner_.httpCall({.cluster = "a", .headers = kHeaders, .timeout = kTimeout}, [this](const HttpReply& reply) {
              static_cast<void>(reply.keep().statusCode());
              take();
            }));
        break;
      case 2:
        owner_.start(read(slot));
        break;
      case 3:
        owner_.start(call(slot != 0));
        break;
      case 4:
        owner_.start(readOwn());
        break;
      case 5:
        if constexpr (requires { owner_.sendLocalResponse(403); }) static_cast<void>(owner_.sendLocalResponse(403));
        break;
      case 6:
        if constexpr (requires { owner_.closeRequest(); }) static_cast<void>(owner_.closeRequest());
        break;
      case 7:
      case 8:
      case 9:
        stepWith(readers_[slot], what);
        break;
      default:
        stepWith(streams_[slot], what);
    }
  }
  --depth;
}

template <class Context>
void Steps<Context>::stepWith(std::unique_ptr<Stream>& stream, uint8_t what) {
  switch (stream == nullptr ? 0 : what % 8) {
    case 0:
      stream = std::make_unique<Stream>(*this);
      static_cast<void>(stream->open(owner_, kStream));
      break;
    case 1:
      static_cast<void>(stream->open(owner_, kStream));
      break;
    case 2:
      static_cast<void>(stream->send("a message"));
      break;
    case 3:
      static_cast<void>(stream->send("the last message", true));
      break;
    case 4:
      static_cast<void>(stream->halfClose());
      break;
    case 5:
      stream->cancel();
      break;
    case 6:
      touch(stream->message());
      break;
    default:
      stream.reset();
  }
}

template <class Context>
void Steps<Context>::stepWith(std::unique_ptr<GrpcReader>& reader, uint8_t what) {
  if (reader == nullptr) reader = std::make_unique<GrpcReader>();
  switch (what % 16 + what / 16 % 2) {
    case 7:
      static_cast<void>(reader->open(owner_, kStream));
      break;
    case 8:
      static_cast<void>(reader->send("a message", what / 32 % 2 != 0));
      break;
    case 9:
      reader->cancel();
      break;
    default:
      reader.reset();
  }
}

template <class Context>
Task Steps<Context>::read(size_t slot) {
  if (readers_[slot] == nullptr) readers_[slot] = std::make_unique<GrpcReader>();
  if (!readers_[slot]->isOpen()) static_cast<void>(readers_[slot]->open(owner_, kStream));
  // Steps may destroy the reader.
  while (readers_[slot] != nullptr) {
    const auto message = co_await readers_[slot]->next();
    if (!message) break;
    fuzz::touch(*message);
    take();
  }
}

template <class Context>
Task Steps<Context>::call(bool together) {
  if (together) {
    const auto replies = co_await whenAll(owner_.grpcCall(kCall, "one"), owner_.grpcCall(kCall, "two"));
    for (const auto& reply : replies) fuzz::touch(reply.message().valueOr({}));
  } else {
    const auto reply = co_await owner_.grpcCall(kCall, "one");
    touch(reply.message());
    const auto other = co_await owner_.httpCall({.cluster = "a", .headers = kHeaders, .timeout = kTimeout});
    touch(other.body());
  }
  take();
}

template <class Context>
Task Steps<Context>::readOwn() {
  GrpcReader reader;
  static_cast<void>(reader.open(owner_, kStream));
  static_cast<void>(reader.send("a message", true));
  while (const auto message = co_await reader.next()) fuzz::touch(*message);
  take();
}

class Root : public RootContext {
 public:
  void onTick() override { steps_.take(); }
  bool onDone() override {
    steps_.take();
    return true;
  }
  void onDelete() override { steps_.take(); }

 private:
  Steps<Root> steps_{*this};
};

class Stream : public HttpContext {
 public:
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    steps_.take();
    return static_cast<FilterHeadersStatus>(fakeHost().input.byte() % 2);
  }
  FilterHeadersStatus onResponseHeaders(uint32_t, bool) override {
    steps_.take();
    return FilterHeadersStatus::Continue;
  }
  void onDelete() override { steps_.take(); }

 private:
  Steps<Stream> steps_{*this};
};

Register<Root, Stream> registration;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  depth = 0;
  fuzz::Driver driver(data, size);
  driver.create(1, 0);
  driver.create(2, 1);
  driver.run();
  return 0;
}
