// Whether a message is as a scenario expects it.
#pragma once

#include <string>
#include <vector>

#include "scenario/grpc.h"
#include "scenario/matcher.h"
#include "scenario/message.h"

namespace sluice::scenario {

/// One thing about a message that is not as expected.
struct Mismatch {
  std::string expected;
  std::string got;
};

/// Everything about `message` that is not as expected; empty where it is.
std::vector<Mismatch> mismatches(const MessageExpectation& expectation, const Message& message);

/// The same for a call to a gRPC service.
std::vector<Mismatch> mismatches(const GrpcCallExpectation& expectation, const GrpcCall& call);

/// Whether a rule is one for calls of this method with this initial metadata.
bool applies(const GrpcRule& rule, const std::string& method, const Headers& metadata);

/// A message in one line, for a reader: pseudo-headers and body.
std::string summary(const Message& message);
std::string summary(const GrpcCall& call);

}  // namespace sluice::scenario
