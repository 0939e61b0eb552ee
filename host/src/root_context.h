// A plugin's root context: configuration, ticks, callouts' replies.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "abi/context.h"
#include "calls/grpc_calls.h"
#include "sluice/host/callout.h"

namespace sluice::host {

class RootContext final : public Context, public std::enable_shared_from_this<RootContext> {
 public:
  RootContext(Vm& vm, PluginImpl& plugin);
  ~RootContext() override;

  /// on_context_create and on_vm_start; false when the guest refuses or traps.
  bool start();
  /// on_configure; false when the guest refuses or traps.
  bool configure();
  /// on_done, and on_delete unless the guest wants to wait for proxy_done. Answers whether it is deleted.
  bool shutdown();
  /// proxy_done: NotFound unless the guest has asked to wait.
  Status done();

  void setTickPeriod(uint32_t milliseconds);
  void queueReady(uint32_t queue);
  void foreignFunction(uint32_t id, std::string_view arguments);

  const HeaderMap* readableMap(MapType map) override;
  BufferView buffer(BufferType type) override;

  /// Sends a callout; the reply comes to on_http_call_response of this context.
  Status httpCall(std::string_view cluster, Headers headers, std::string_view body, Headers trailers,
                  uint32_t timeoutMilliseconds, uint32_t* id);

  /// gRPC calls and streams.
  GrpcCalls& grpc() { return grpc_; }

  /// What proxy_get_status answers.
  uint32_t statusCode = 0;
  std::string statusMessage;

 private:
  enum class End { Alive, WaitingForDone, Deleted };

  /// A callout under way.
  struct HttpCall {
    uint64_t replyTimer = 0;
    uint64_t timeoutTimer = 0;
  };
  void awaitReply(uint32_t id, CalloutReply reply, std::chrono::milliseconds timeout);
  void httpResponse(uint32_t id, const Message& response);
  void httpFailure(uint32_t id);
  /// Takes a callout out of those under way; false when it is not among them.
  bool finishHttpCall(uint32_t id);
  void cancelCallouts();

  void tick();
  void deleteInGuest();

  bool created_ = false;
  bool configuring_ = false;
  End end_ = End::Alive;
  uint64_t tickPeriod_ = 0;  // Nanoseconds.
  uint64_t tickTimer_ = 0;
  std::string foreignArguments_;
  std::map<uint32_t, HttpCall> httpCalls_;
  GrpcCalls grpc_{*this};
  // The reply that on_http_call_response is being told of.
  std::unique_ptr<HeaderMap> replyHeaders_;
  std::unique_ptr<HeaderMap> replyTrailers_;
  std::optional<std::string> replyBody_;
};

}  // namespace sluice::host
