// What filters cost in a real Envoy: CPU time a request, compared with the same Envoy without them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "scenario/scenario.h"

namespace sluice::scenario {

/// The CPU time of Envoy's process, user and system.
struct CpuComparison {
  std::string host;                 ///< "Envoy 1.40.0".
  size_t requests = 0;              ///< In each round, with the filters and without.
  std::vector<double> withFilters;  ///< Nanoseconds a request, by round.
  std::vector<double> without;      ///< The same without filters.

  /// The ratio of each round, smallest first.
  [[nodiscard]] std::vector<double> ratios() const;
};

/// The middle one of `values`; of an even number, the mean of the two in the middle. 0 if there are none.
double median(std::vector<double> values);

/// Starts two Envoys, one of them without the scenario's filters, and sends the scenario's requests to both in turn.
/// It leaves out exchanges that do not end with a response at once. Throws PlayerError when there are no others, when
/// Envoy does not start, or when it does not answer.
CpuComparison compareCpu(const std::filesystem::path& envoy, const Scenario& scenario, size_t rounds, size_t requests);

}  // namespace sluice::scenario
