// The services that a filter calls: what they answer, and what they are expected to receive.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenario/matcher.h"
#include "scenario/message.h"

namespace sluice::scenario {

/// What a server does with a request.
struct Answer {
  enum class Kind {
    kResponse,   ///< It answers `response`.
    kBreaksOff,  ///< It answers `response`, but breaks the connection off before the end of it.
    kReset,      ///< It breaks the connection off instead of answering.
    kNever,      ///< It keeps the connection open and says nothing.
  };
  Kind kind = Kind::kResponse;
  Message response;
  std::chrono::milliseconds delay{0};  ///< How long it waits first.
};

/// Requests of some kind get some answer.
struct ServiceRule {
  MessageExpectation request;        ///< Which requests; any that it says nothing of.
  std::optional<std::size_t> times;  ///< How often it applies; without it, always.
  Answer answer;
};

/// A cluster that filters can call by name.
struct Service {
  std::string name;
  bool unreachable = false;        ///< Nobody listens there.
  std::vector<ServiceRule> rules;  ///< The first that applies to a request answers it.
};

/// The requests that a service is expected to receive: these and no others, in any order.
struct ServiceExpectation {
  std::string service;
  std::vector<MessageExpectation> requests;
};

}  // namespace sluice::scenario
