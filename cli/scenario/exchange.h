// One request through the filters, and its response.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "scenario/grpc.h"
#include "scenario/matcher.h"
#include "scenario/message.h"
#include "scenario/service.h"

namespace sluice::scenario {

/// One request and its response.
struct Exchange {
  enum class End {
    kUnchecked,   ///< The scenario says nothing about it.
    kReached,     ///< A message arrives there.
    kNotReached,  ///< None does.
  };
  std::string name;
  std::chrono::milliseconds waitBefore{0};                 ///< Time passes before the request.
  Message request;                                         ///< What the client sends.
  std::optional<std::chrono::milliseconds> clientGivesUp;  ///< How long the client waits for the end of the response.
  Answer upstreamAnswer;                                   ///< What the upstream does with the request.
  End upstream = End::kUnchecked;
  MessageExpectation upstreamExpectation;
  End client = End::kUnchecked;
  MessageExpectation clientExpectation;
  // What arrives there from this request until the next one.
  std::vector<ServiceExpectation> services;
  std::vector<GrpcExpectation> grpcServices;
};

}  // namespace sluice::scenario
