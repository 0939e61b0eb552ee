// A filter that calls gRPC services as the request's path says.
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "sluice/sluice.h"

using namespace sluice;

// A message that is not text.
struct Number {
  uint32_t value = 0;
};

template <>
struct sluice::GrpcCodec<Number> {
  static Result<std::string_view> serialize(const Number& number) {
    static char digit;
    if (number.value > 9) return Status::SerializationFailure;
    digit = static_cast<char>('0' + number.value);
    return std::string_view(&digit, 1);
  }
  static Status parse(std::string_view bytes, Number& number) {
    if (bytes.size() != 1 || bytes[0] < '0' || bytes[0] > '9') return Status::ParseFailure;
    number.value = static_cast<uint32_t>(bytes[0] - '0');
    return Status::Ok;
  }
};

namespace {

constexpr std::chrono::milliseconds kTimeout(1000);

class Feed : public GrpcStream {
 public:
  explicit Feed(HttpContext& stream) : stream_(stream) {}

 private:
  void onInitialMetadata(uint32_t count) override {
    logInfo("initial metadata: ", count, ' ', initialMetadata().get("name").valueOr("none"));
  }
  void onMessage(size_t size) override {
    const auto text = message();
    logInfo("message: ", size, ' ', text.valueOr("unreadable").substr(0, 20));
    if (!text) return;
    if (*text == "cancel!") cancel();
    if (*text == "again!") warnUnlessOk(send("again"), "sending again");
  }
  void onTrailingMetadata(uint32_t count) override {
    logInfo("trailing metadata: ", count, ' ', trailingMetadata().get("name").valueOr("none"));
  }
  void onClose(GrpcStatus status, std::string_view text) override {
    logInfo("closed: ", status, ' ', text, ' ', isOpen(), ' ', message().status());
    warnUnlessOk(stream_.requestHeaders().add("x-closed", toString(status)), "adding x-closed");
    warnUnlessOk(stream_.continueRequest(), "going on");
  }

  HttpContext& stream_;
};

}  // namespace

class Stream : public HttpContext {
 public:
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    const std::string path(requestHeaders().get(":path").valueOr({}));
    if (path == "/call") return call("service");
    if (path == "/unknown") return call("unknown");
    if (path == "/await") return run(await());
    if (path == "/await/unknown") return run(awaitUnknown());
    if (path == "/all") return run(all());
    if (path == "/number") return run(number());
    if (path == "/read") return run(read());
    if (path.starts_with("/stream")) return stream(path);
    return FilterHeadersStatus::Continue;
  }

 private:
  static void report(const GrpcReply& reply) {
    logInfo("reply: ", reply.ok(), ' ', reply.status(), ' ', reply.error(), ' ', reply.message().valueOr("no message"),
            ' ', reply.statusMessage().valueOr("no words"));
  }

  FilterHeadersStatus call(std::string_view cluster) {
    const Header metadata[] = {{"key", "value"}};
    const auto status = grpcCall({.target = cluster,
                                  .service = "package.Service",
                                  .method = "Method",
                                  .metadata = metadata,
                                  .timeout = kTimeout},
                                 "question", [this](const GrpcReply& reply) {
                                   report(reply);
                                   warnUnlessOk(requestHeaders().add("x-grpc", toString(reply.status())), "adding");
                                   warnUnlessOk(continueRequest(), "going on");
                                 });
    logInfo("call: ", status);
    return status == Status::Ok ? FilterHeadersStatus::StopAllIterationAndWatermark : FilterHeadersStatus::Continue;
  }

  auto ask(std::string_view question) {
    return grpcCall({.target = "service", .service = "package.Service", .method = "Method", .timeout = kTimeout},
                    question);
  }
  Task await() {
    const auto first = co_await ask("first");
    report(first);
    const auto second = co_await ask("second");
    logInfo("the first one later: ", first.status(), ' ', first.message().status());
    report(second);
  }
  Task awaitUnknown() {
    report(co_await grpcCall(
        {.target = "unknown", .service = "package.Service", .method = "Method", .timeout = kTimeout}, "question"));
  }
  Task all() {
    const auto replies = co_await whenAll(ask("a"), ask("bad"), ask("c"));
    for (const auto& reply : replies)
      logInfo("kept: ", reply.status(), ' ', reply.message().valueOr("no message"), ' ', reply.statusMessage());
  }
  Task number() {
    const auto reply = co_await grpcCall(
        {.target = "service", .service = "package.Service", .method = "Method", .timeout = kTimeout}, Number{7});
    const auto answer = reply.message<Number>();
    logInfo("number: ", answer.status(), ' ', answer.valueOr({}).value);
    const auto none = co_await grpcCall(
        {.target = "service", .service = "package.Service", .method = "Method", .timeout = kTimeout}, Number{70});
    logInfo("number: ", none.error());
  }
  Task read() {
    GrpcReader reader;
    const auto opened = reader.open(*this, {.target = "service", .service = "package.Service", .method = "Watch"});
    logInfo("open: ", opened, ' ',
            reader.open(*this, {.target = "service", .service = "package.Service", .method = "Watch"}));
    warnUnlessOk(reader.send("question", true), "sending");
    size_t bytes = 0;
    uint64_t sum = 0;
    uint32_t messages = 0;
    while (const auto message = co_await reader.next()) {
      ++messages;
      bytes += message->size();
      for (const char c : *message) sum = sum * 31 + static_cast<unsigned char>(c);
    }
    logInfo("read: ", messages, ' ', bytes, ' ', sum, ' ', reader.status(), ' ', reader.statusMessage());
  }

  FilterHeadersStatus stream(std::string_view path) {
    feed_ = std::make_unique<Feed>(*this);
    logInfo("before: ", feed_->isOpen(), ' ', feed_->send("early"), ' ', feed_->halfClose());
    const auto opened = feed_->open(
        *this,
        {.target = path == "/stream/unknown" ? "unknown" : "service", .service = "package.Service", .method = "Watch"});
    logInfo("open: ", opened);
    if (opened != Status::Ok) return FilterHeadersStatus::Continue;
    // In separate statements, because the compiler may evaluate a call's arguments in any order.
    const auto first = feed_->send("one");
    const auto second = feed_->send(Number{2});
    const auto third = feed_->send("three", path == "/stream/last");
    logInfo("send: ", first, ' ', second, ' ', third);
    if (path == "/stream/half") logInfo("half close: ", feed_->halfClose());
    if (path == "/stream/half" || path == "/stream/last")
      logInfo("after: ", feed_->send("late"), ' ', feed_->halfClose());
    if (path == "/stream/cancel") {
      feed_->cancel();
      logInfo("cancelled: ", feed_->isOpen());
      return FilterHeadersStatus::Continue;
    }
    return FilterHeadersStatus::StopAllIterationAndWatermark;
  }

  std::unique_ptr<Feed> feed_;
};

static Register<Stream> registration;
