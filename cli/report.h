// What `sluice run` prints.
#pragma once

#include <iosfwd>
#include <vector>

#include "scenario/outcome.h"
#include "scenario/scenario.h"

namespace sluice::cli {

/// What to print.
struct Report {
  const scenario::Scenario& scenario;
  const scenario::Outcome& outcome;
  const std::vector<scenario::Failure>& failures;
  bool verbose = false;
};

/// Prints each exchange as its ends and the services saw it, what failed, the filters' log, metrics, sizes and costs.
void printReport(std::ostream& out, const Report& report);

}  // namespace sluice::cli
