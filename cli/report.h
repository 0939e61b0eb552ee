// What `sluice run` prints.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <vector>

#include "scenario/outcome.h"
#include "scenario/scenario.h"

namespace sluice::cli {

/// What to print.
struct Report {
  const scenario::Scenario& scenario;
  std::filesystem::path filter;
  const scenario::Outcome& outcome;
  const std::vector<scenario::Failure>& failures;
  bool verbose = false;
};

/// Prints each exchange as both ends saw it, what failed, the filter's log, its size and what it cost.
void printReport(std::ostream& out, const Report& report);

}  // namespace sluice::cli
