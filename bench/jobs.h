// The jobs that the benchmark measures: the messages to send, and the checks of the results.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/host/host.h"

namespace sluice::bench {

/// The maximum cost of a filter.
struct Limits {
  uint64_t bytes;
  uint64_t instructions;  // a request
  uint64_t crossings;     // a request
};

struct Job {
  std::string name;
  std::string file;  // bench_<name>.wasm, in the directory of the modules
  Limits limits;
  std::string configuration;
  host::Message request;
  host::Message response;
  /// Checks the result: returns "" or what is wrong. The figures of a filter that does not do its job would mean
  /// nothing.
  std::string (*check)(const host::Exchange& exchange);
  int requests = 100'000;  ///< After these, linear memory must be as large as at the start.
};

std::vector<Job> jobs();

/// Two HTTP callouts one after the other, to a service that answers at once. The limits of instructions and crossings
/// are the figures of the same filter with handlers.
Job twoCallouts();
host::CalloutReply answerCallout(const host::Callout& callout);

}  // namespace sluice::bench
