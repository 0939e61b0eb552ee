// What a scenario expects of metrics.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sluice/host/metric.h"

namespace sluice::scenario {

/// What is expected of the metric that a filter defined by this name.
struct MetricExpectation {
  enum class Kind {
    Equals,   ///< It is a counter or a gauge of this value.
    AtLeast,  ///< Of this value or a larger one.
    Samples,  ///< It is a histogram with this many samples.
    Absent,   ///< There is none.
  };
  std::string name;
  Kind kind = Kind::Equals;
  uint64_t value = 0;

  /// Whether `metric` (nothing: there is none) is as expected.
  [[nodiscard]] bool accepts(const std::optional<host::Metric>& metric) const;
  /// What is expected, for a reader: `12`, `at least 3`, `5 samples`, `absent`.
  [[nodiscard]] std::string describe() const;
};

/// A metric for a reader: `12`, `5 samples`, `absent`.
std::string describe(const std::optional<host::Metric>& metric);

}  // namespace sluice::scenario
