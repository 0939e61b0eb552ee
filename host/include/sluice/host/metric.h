// What filters measure.
#pragma once

#include <cstdint>
#include <vector>

#include "sluice/abi.h"

namespace sluice::host {

/// A metric that a filter defined.
struct Metric {
  MetricType type = MetricType::Counter;  ///< What the filter defined it as.
  uint64_t value = 0;                     ///< A counter's or a gauge's value.
  std::vector<uint64_t> samples = {};     ///< What was recorded into a histogram, in order.
};

}  // namespace sluice::host
