// Metrics of filters, as they come out and as a scenario expects them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace sluice::scenario {

/// What a host says of a metric.
struct Metric {
  bool histogram = false;
  std::uint64_t value = 0;  ///< A counter's or a gauge's value, or the number of samples in a histogram.
};

/// What is expected of the metric that a filter defined by this name.
struct MetricExpectation {
  enum class Kind {
    kEquals,   ///< It is a counter or a gauge of this value.
    kAtLeast,  ///< Of this value or a larger one.
    kSamples,  ///< It is a histogram with this many samples.
    kAbsent,   ///< There is none.
  };
  std::string name;
  Kind kind = Kind::kEquals;
  std::uint64_t value = 0;

  /// Whether `metric` (nothing: there is none) is as expected.
  bool accepts(const std::optional<Metric>& metric) const;
  /// What is expected, for a reader: `12`, `at least 3`, `5 samples`, `absent`.
  std::string describe() const;
};

/// A metric for a reader: `12`, `5 samples`, `absent`.
std::string describe(const std::optional<Metric>& metric);

}  // namespace sluice::scenario
