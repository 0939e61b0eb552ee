// Whether a message is as a scenario expects it.
#pragma once

#include <string>
#include <vector>

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

/// A message in one line, for a reader: pseudo-headers and body.
std::string summary(const Message& message);

}  // namespace sluice::scenario
