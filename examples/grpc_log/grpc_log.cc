// Sends an access log to a collector: entries in batches, with the gRPC service in access_log.proto.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "access_log.pb.h"
#include "common/json.h"
#include "grpc_log/batcher.h"
#include "grpc_log/settings.h"
#include "sluice/protobuf.h"
#include "sluice/sluice.h"

using namespace sluice;

namespace {

// Shared by all VMs of all plugins.
Counter entriesWritten("grpc_log.entries_written");
Counter entriesLost("grpc_log.entries_lost");
Counter failedCalls("grpc_log.failed_calls");

// The part of a request's text that an entry keeps.
constexpr size_t kMaxText = 1024;
std::string text(const Result<std::string_view>& value) { return std::string(value.valueOr("").substr(0, kMaxText)); }

int64_t microseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

// Whether the same call may succeed later.
bool isTemporary(GrpcStatus status) {
  switch (status) {
    case GrpcStatus::Canceled:
    case GrpcStatus::Unknown:
    case GrpcStatus::DeadlineExceeded:
    case GrpcStatus::ResourceExhausted:
    case GrpcStatus::Aborted:
    case GrpcStatus::Internal:
    case GrpcStatus::Unavailable:
      return true;
    default:
      return false;
  }
}

}  // namespace

class GrpcLogRoot : public RootContext {
 public:
  bool onConfigure(size_t) override {
    json::Document document;
    if (!document.parse(configuration()) || !settings_.read(document.root())) return false;
    warnUnlessOk(setTickPeriod(settings_.flushInterval), "asking for ticks");
    for (auto* counter : {&entriesWritten, &entriesLost, &failedCalls}) {
      warnUnlessOk(counter->define(), "defining a counter");
    }
    return true;
  }

  void onTick() override {
    if (batcher_.isIdle() || batcher_.waitIsOver()) send();
    report();
  }

  // Sends the remaining batches once. The host keeps the context until the replies have arrived.
  bool onDone() override {
    stopping_ = true;
    send();
    report();
    return batcher_.isEmpty();
  }

  void add(Batcher::Entry entry) {
    batcher_.add(std::move(entry));
    if (batcher_.isFull()) send();
  }

 private:
  using WriteResponse = sluice::accesslog::v1::WriteResponse;

  void send() {
    const auto* const batch = batcher_.next();
    if (batch == nullptr) return;
    const auto status = grpcCall({.target = settings_.cluster,
                                  .service = "sluice.accesslog.v1.AccessLog",
                                  .method = "Write",
                                  .timeout = settings_.timeout},
                                 *batch, [this](const GrpcReply& reply) { onReply(reply); });
    // A retry may help: the host may learn of the cluster later.
    if (status != Status::Ok) failed(true, "the host does not call it: ", status);
  }

  void onReply(const GrpcReply& reply) {
    const auto response = reply.message<WriteResponse>();
    if (!reply.ok()) {
      failed(isTemporary(reply.status()), reply.status(), " ", reply.statusMessage().valueOr(""));
    } else if (!response || response->written() > batcher_.size()) {
      // The collector may have written the entries, and a retry would get the same reply.
      failed(false, "its answer is malformed");
    } else {
      warnUnlessOk(entriesWritten.increment(response->written()), "counting");
      batcher_.written(response->written());
    }
    // Send the entries that were collected meanwhile.
    if (batcher_.isFull() || stopping_) send();
    report();
    if (stopping_ && batcher_.isEmpty()) warnUnlessOk(done(), "being done");
  }

  template <class... Reason>
  void failed(bool isTemporary, const Reason&... reason) {
    warnUnlessOk(failedCalls.increment(), "counting");
    const auto size = batcher_.size();
    const auto attempts = batcher_.attempts();
    if (isTemporary && !stopping_ && batcher_.retryLater()) {
      logInfo("grpc_log: ", settings_.cluster, " did not take ", size, " entries, to be sent again: ", reason...);
      return;
    }
    if (stopping_) {
      batcher_.giveUpAll();
    } else if (!batcher_.isIdle()) {
      batcher_.giveUp();
    }
    logError("grpc_log: ", settings_.cluster, " did not take ", size, " entries, sent ", attempts,
             " times: ", reason...);
  }

  // Logs one line for all entries that were lost since the previous line.
  void report() {
    const auto lost = batcher_.takeLost();
    if (lost == 0) return;
    warnUnlessOk(entriesLost.increment(lost), "counting");
    logWarn("grpc_log: lost ", lost, " entries");
  }

  Settings settings_;
  Batcher batcher_{settings_};
  bool stopping_ = false;
};

class GrpcLogStream : public HttpContext {
 public:
  explicit GrpcLogStream(GrpcLogRoot& root) : root_(root) {}

  void onLog() override {
    Batcher::Entry entry;
    const auto time = getProperty(property::kRequestTime);
    if (time) entry.set_time_us(microseconds(time->time_since_epoch()));
    entry.set_duration_us(microseconds(getProperty(property::kRequestDuration).valueOr(Duration(0))));
    const auto headers = requestHeaders();
    entry.set_method(text(headers.get(":method")));
    entry.set_authority(text(headers.get(":authority")));
    entry.set_path(text(headers.get(":path")));
    entry.set_request_id(text(headers.get("x-request-id")));
    entry.set_status(static_cast<uint32_t>(getProperty(property::kResponseCode).valueOr(0)));
    entry.set_request_bytes(getProperty(property::kRequestSize).valueOr(0));
    entry.set_response_bytes(getProperty(property::kResponseSize).valueOr(0));
    entry.set_source_address(text(getProperty(property::kSourceAddress)));
    root_.add(std::move(entry));
  }

 private:
  GrpcLogRoot& root_;
};

static Register<GrpcLogRoot, GrpcLogStream> registration;
