// The report that `sluice test` prints.
#pragma once

#include <iosfwd>
#include <vector>

#include "scenario/outcome.h"
#include "scenario/scenario.h"

namespace sluice::cli {

/// The data of a report.
struct Report {
  const scenario::Scenario& scenario;
  const scenario::Outcome& outcome;
  const std::vector<scenario::Failure>& failures;
  bool verbose = false;
};

/// Prints what the client, the upstream and the services received in each exchange, the failures, the filters' log,
/// metrics, sizes and costs.
void printReport(std::ostream& out, const Report& report);

}  // namespace sluice::cli
