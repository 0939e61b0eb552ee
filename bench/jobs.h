// The jobs that the benchmark measures: what is sent, and what must come out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/host/host.h"

namespace sluice::bench {

/// What a filter may cost at most.
struct Limits {
  uint64_t bytes;
  uint64_t instructions;  // a request
  uint64_t crossings;     // a request
};

struct Job {
  std::string name;
  std::string file;  // bench_<name>.wasm, beside the others
  Limits limits;
  std::string configuration;
  host::Message request;
  host::Message response;
  /// Empty, or what is wrong with what came out: figures of a filter that does not do its job mean nothing.
  std::string (*check)(const host::Exchange& exchange);
  int requests = 100'000;  ///< After which linear memory must be what it was at the start.
};

std::vector<Job> jobs();

/// Two HTTP callouts one after the other, to a service that answers at once. The limits of instructions and crossings
/// are what the same filter takes with handlers.
Job twoCallouts();
host::CalloutReply answerCallout(const host::Callout& callout);

}  // namespace sluice::bench
