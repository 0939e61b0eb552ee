// The services that a filter calls: their replies, and the requests that the scenario expects them to receive.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenario/matcher.h"
#include "sluice/host/callout.h"

namespace sluice::scenario {

/// A rule for requests: which requests it applies to, and the reply.
struct ServiceRule {
  MessageExpectation request;   ///< The requests that it applies to; empty: any.
  std::optional<size_t> times;  ///< How often the rule applies; nothing: always.
  host::CalloutReply reply;
};

/// A cluster that filters can call by name.
struct ScriptedService {
  std::string name;
  bool unreachable = false;        ///< Nobody listens on its port.
  std::vector<ServiceRule> rules;  ///< The first rule that applies to a request decides.
};

/// The requests that the scenario expects a service to receive: these and no others, in any order.
struct ServiceExpectation {
  std::string service;
  std::vector<MessageExpectation> requests;
  size_t line = 0;  ///< In the scenario file; 0 when it is not known.
};

}  // namespace sluice::scenario
