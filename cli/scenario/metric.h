// A scenario's expectations of metrics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sluice/host/metric.h"

namespace sluice::scenario {

/// An expectation of the metric with this name and these tags; see host::findMetric().
struct MetricExpectation {
  enum class Kind {
    Equals,   ///< A counter or a gauge with this value.
    AtLeast,  ///< A counter or a gauge with at least this value.
    Samples,  ///< A histogram with this many samples.
    Absent,   ///< No such metric.
  };
  std::string name;
  Kind kind = Kind::Equals;
  uint64_t value = 0;
  host::Tags tags = {};
  size_t line = 0;  ///< In the scenario file; 0 when it is not known.

  /// Whether the metric among `metrics` is as expected.
  [[nodiscard]] bool accepts(const host::MetricMap& metrics) const;
  /// The expectation as messages show it: `12`, `at least 3`, `5 samples`, `absent`.
  [[nodiscard]] std::string describe() const;
};

/// A metric as messages show it: `12`, `5 samples`.
std::string describe(const host::Metric& metric);

}  // namespace sluice::scenario
