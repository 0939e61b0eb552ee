// Whether a message is as a scenario expects it.
#pragma once

#include <string>
#include <vector>

#include "scenario/grpc.h"
#include "scenario/matcher.h"
#include "scenario/outcome.h"
#include "sluice/host/grpc_call.h"
#include "sluice/host/message.h"

namespace sluice::scenario {

/// One thing about a message that is not as expected.
struct Mismatch {
  std::string expected;
  std::string got;
};

/// Everything about `message` that is not as expected; empty where it is.
std::vector<Mismatch> mismatches(const MessageExpectation& expectation, const host::Message& message);

/// The same for a call to a gRPC service.
std::vector<Mismatch> mismatches(const GrpcCallExpectation& expectation, const GrpcServiceCall& received);

/// Whether a rule is one for this call.
bool applies(const GrpcRule& rule, const host::GrpcCall& call);

/// A message in one line, for a reader: pseudo-headers and body.
std::string summary(const host::Message& message);
std::string summary(const GrpcServiceCall& received);

}  // namespace sluice::scenario
