// Compares messages with a scenario's expectations.
#pragma once

#include <string>
#include <vector>

#include "scenario/grpc.h"
#include "scenario/matcher.h"
#include "scenario/outcome.h"
#include "sluice/host/grpc_call.h"
#include "sluice/host/message.h"

namespace sluice::scenario {

/// One difference between a message and the expectation.
struct Mismatch {
  std::string expected;
  std::string got;
  size_t line = 0;  ///< The expectation's line in the scenario file; 0 when it is not known.
};

/// All differences between `message` and the expectation; empty when there are none.
std::vector<Mismatch> mismatches(const MessageExpectation& expectation, const host::Message& message);

/// All differences between a gRPC call and the expectation.
std::vector<Mismatch> mismatches(const GrpcCallExpectation& expectation, const GrpcServiceCall& received);

/// Whether a rule applies to this call.
bool applies(const GrpcRule& rule, const host::GrpcCall& call);

/// A message as one line for reports: pseudo-headers and body.
std::string summary(const host::Message& message);
std::string summary(const GrpcServiceCall& received);

}  // namespace sluice::scenario
