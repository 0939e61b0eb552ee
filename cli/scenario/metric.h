// A scenario's expectations of metrics.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sluice/host/metric.h"

namespace sluice::scenario {

/// An expectation of the metric that a filter defined under this name.
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

  /// Whether `metric` is as expected; nothing means that the metric does not exist.
  [[nodiscard]] bool accepts(const std::optional<host::Metric>& metric) const;
  /// The expectation as messages show it: `12`, `at least 3`, `5 samples`, `absent`.
  [[nodiscard]] std::string describe() const;
};

/// A metric as messages show it: `12`, `5 samples`, `absent`.
std::string describe(const std::optional<host::Metric>& metric);

}  // namespace sluice::scenario
