// The HTTP calls of one root context: sending, replies, timeouts.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "abi/context.h"
#include "calls/call_environment.h"
#include "sluice/host/callout.h"

namespace sluice::host {

class Http1Codec;

class HttpCalls {
 public:
  /// on_http_call_response of `root`, which owns this object, gets the replies; `status` is what proxy_get_status
  /// returns there.
  HttpCalls(Context& root, const CallEnvironment& environment, CallStatus& status)
      : root_(root), environment_(environment), status_(status) {}

  /// Sends a request. Returns BadArgument when the cluster is not known or a pseudo-header is missing.
  Status call(std::string_view cluster, const Headers& headers, std::string_view body, const Headers& trailers,
              uint32_t timeoutMilliseconds, uint32_t* id);
  /// Drops all pending calls without calling the guest.
  void cancelAll();

  /// The ids of the calls that wait for their replies.
  [[nodiscard]] std::vector<uint32_t> pending() const;

  // --- The response during on_http_call_response; null outside of it
  [[nodiscard]] const HeaderMap* headers() const { return headers_.get(); }
  [[nodiscard]] const HeaderMap* trailers() const { return trailers_.get(); }
  [[nodiscard]] const std::string* body() const { return body_ ? &*body_ : nullptr; }

 private:
  /// A pending call.
  struct Call {
    std::string method = {};
    uint64_t sent = 0;  // The time when the request went out.
    uint64_t replyTimer = 0;
    uint64_t timeoutTimer = 0;
  };
  /// The service's reply; `codec` has written the request to it. A service that does not get a whole request gives
  /// none.
  [[nodiscard]] CalloutReply reply(const Cluster& service, const Callout& callout, const Http1Codec& codec) const;
  void awaitReply(uint32_t id, CalloutReply reply, std::chrono::milliseconds timeout);
  void replyArrives(uint32_t id, const CalloutReply& reply);
  /// Whether the call's reply ends with its headers.
  [[nodiscard]] bool isWhole(uint32_t id, const Message& response) const;
  void serviceResponds(uint32_t id, Message response);
  void tellResponse(uint32_t id, Message response);
  void tellFailure(uint32_t id);
  /// Removes a pending call; returns it, or nothing when it is not pending.
  std::optional<Call> finish(uint32_t id);

  Context& root_;
  CallEnvironment environment_;
  CallStatus& status_;
  std::map<uint32_t, Call> calls_;
  std::unique_ptr<HeaderMap> headers_;
  std::unique_ptr<HeaderMap> trailers_;
  std::optional<std::string> body_;
};

}  // namespace sluice::host
