// Calls that filters make to other services, and what these answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "sluice/host/message.h"

namespace sluice::host {

/// A call that a filter made with proxy_http_call.
struct Callout {
  uint32_t id = 0;                       ///< As the guest knows it.
  std::string plugin;                    ///< PluginOptions::name of the filter.
  std::string cluster;                   ///< Where it goes.
  Message request;                       ///< A body brings its "content-length".
  std::chrono::milliseconds timeout{0};  ///< 0: none.
};

/// What comes of a callout, and when.
struct CalloutReply {
  /// What happens to the call.
  enum class Kind {
    Response,               ///< `response` arrives.
    ConnectionFailure,      ///< The service cannot be reached: the proxy answers 503 in its place.
    ConnectionTermination,  ///< The connection breaks before any of the response: the proxy answers 503 in its place.
    Reset,  ///< The connection breaks in the middle of `response`: the guest is told of no headers at all.
    Never,  ///< Nothing comes, until the timeout.
  };
  Kind kind = Kind::Response;         ///< What happens to the call.
  Message response = {};              ///< What arrives; with Kind::Reset, what the service begins to send.
  std::chrono::nanoseconds delay{0};  ///< By the host's clock; 0: as soon as the callback that called has returned.

  /// A reply of each kind; `delay` is by the host's clock.
  /// @{
  static CalloutReply of(Message response, std::chrono::nanoseconds delay = {}) {
    return {Kind::Response, std::move(response), delay};
  }
  static CalloutReply connectionFailure(std::chrono::nanoseconds delay = {}) {
    return {Kind::ConnectionFailure, {}, delay};
  }
  static CalloutReply connectionTermination(std::chrono::nanoseconds delay = {}) {
    return {Kind::ConnectionTermination, {}, delay};
  }
  static CalloutReply reset(std::chrono::nanoseconds delay = {}) { return {Kind::Reset, {}, delay}; }
  static CalloutReply never() { return {Kind::Never, {}, {}}; }
  /// @}
};

/// A service: decides what it answers to a callout.
using Cluster = std::function<CalloutReply(const Callout&)>;

}  // namespace sluice::host
