// The services that a filter calls: what they answer, and what they are expected to receive.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenario/matcher.h"
#include "sluice/host/callout.h"

namespace sluice::scenario {

/// Which requests get which reply.
struct ServiceRule {
  MessageExpectation request;   ///< The requests that it is for; any where it expects nothing.
  std::optional<size_t> times;  ///< How often it applies; without it, always.
  host::CalloutReply reply;
};

/// A cluster that filters can call by name.
struct ScriptedService {
  std::string name;
  bool unreachable = false;        ///< Nobody listens there.
  std::vector<ServiceRule> rules;  ///< The first that applies to a request decides the reply.
};

/// The requests that a service is expected to receive: these and no others, in any order.
struct ServiceExpectation {
  std::string service;
  std::vector<MessageExpectation> requests;
};

}  // namespace sluice::scenario
