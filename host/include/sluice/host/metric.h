// The metrics that filters define.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/abi.h"

namespace sluice::host {

/// A metric that a filter defined.
struct Metric {
  MetricType type = MetricType::Counter;  ///< The type that the filter gave it.
  uint64_t value = 0;                     ///< The value of a counter or a gauge.
  std::vector<uint64_t> samples = {};     ///< The values recorded into a histogram, in order.
};

/// Metrics by the names under which filters defined them.
using MetricMap = std::map<std::string, Metric, std::less<>>;

/// The tags of a metric: names and values.
using Tags = std::vector<std::pair<std::string, std::string>>;

/// The metric with these tags, or null. Envoy's convention puts tags into the name: `route=.=shop;.;requests` is the
/// metric `requests` with the tag `route`. The order of the tags does not matter; without tags, `name` is the name
/// under which the filter defined the metric. The pointer is valid as long as the map.
[[nodiscard]] const Metric* findMetric(const MetricMap& metrics, std::string_view name, const Tags& tags = {});
/// A temporary map would be gone before the pointer is used: see Host::metric().
const Metric* findMetric(MetricMap&& metrics, std::string_view name, const Tags& tags = {}) = delete;

/// A metric's name as messages show it: `requests{code=good, route=shop}`.
[[nodiscard]] std::string describeMetricName(std::string_view name, Tags tags);
/// The same for the name under which the filter defined the metric.
[[nodiscard]] std::string describeMetricName(std::string_view definedName);

}  // namespace sluice::host
