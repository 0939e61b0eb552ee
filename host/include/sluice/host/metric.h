// The metrics that filters define.
#pragma once

#include <cstdint>
#include <vector>

#include "sluice/abi.h"

namespace sluice::host {

/// A metric that a filter defined.
struct Metric {
  MetricType type = MetricType::Counter;  ///< The type that the filter gave it.
  uint64_t value = 0;                     ///< The value of a counter or a gauge.
  std::vector<uint64_t> samples = {};     ///< The values recorded into a histogram, in order.
};

}  // namespace sluice::host
