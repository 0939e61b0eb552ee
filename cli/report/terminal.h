// The report that `sluice test` prints.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "scenario/outcome.h"
#include "scenario/scenario.h"
#include "scenario/trace.h"

namespace sluice::cli {

/// The data of a report.
struct Report {
  const scenario::Scenario& scenario;
  const scenario::Outcome& outcome;
  const std::vector<scenario::Failure>& failures;
  bool verbose = false;
  const scenario::Trace* trace = nullptr;  ///< The crossings, for what led to failures; null if they are not known.
};

/// Prints one expectation that was not met: where it stands, and what was expected and what came, side by side.
void printFailure(std::ostream& out, const Report& report, const scenario::Failure& failure);

/// How a test ended.
enum class Verdict { Met, Failed };

/// "ok" or "FAILED", of one width, coloured where standard output is a terminal and $NO_COLOR is not set.
std::string verdict(Verdict value);

/// Prints what the client, the upstream and the services received in each exchange, the failures, the filters' log,
/// metrics, sizes and costs.
void printReport(std::ostream& out, const Report& report);

}  // namespace sluice::cli
