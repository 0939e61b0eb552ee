// HTTP calls that filters make to other services, and the replies.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/host/message.h"

namespace sluice::host {

/// A call that a filter made with proxy_http_call.
struct Callout {
  uint32_t id = 0;      ///< The callout id that the guest got.
  std::string plugin;   ///< PluginOptions::name of the filter.
  std::string cluster;  ///< The cluster that the filter named.
  /// The request as the service gets it: the host adds "content-length" and what the proxy adds
  /// (Profile::callsThroughRouter).
  Message request;
  std::chrono::milliseconds timeout{0};  ///< 0: no timeout.
  /// What the filter did wrong with the request, one line each: HTTP/1.1 cannot carry it. The service gets a request
  /// only if it is whole and well-formed.
  std::vector<std::string> problems = {};
};

/// How a callout ends, and when.
struct CalloutReply {
  /// The outcome of the call.
  enum class Kind {
    Response,               ///< `response` arrives.
    ConnectionFailure,      ///< The service cannot be reached: the proxy makes up a 503.
    ConnectionTermination,  ///< The connection breaks before the response begins: the proxy makes up a 503.
    Reset,  ///< The connection breaks in the middle of `response`: the guest gets no headers and no body.
    Never,  ///< No reply: the call times out.
  };
  Kind kind = Kind::Response;         ///< The outcome of the call.
  Message response = {};              ///< The response; with Kind::Reset, the part sent before the connection breaks.
  std::chrono::nanoseconds delay{0};  ///< On the host's clock; 0: as soon as the calling callback has returned.

  /// Makes a reply of each kind; `delay` is measured on the host's clock.
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

/// A service: returns the reply to a callout.
using Cluster = std::function<CalloutReply(const Callout&)>;

}  // namespace sluice::host
