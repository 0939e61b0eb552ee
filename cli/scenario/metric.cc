#include "scenario/metric.h"

namespace sluice::scenario {
namespace {

std::string samples(std::uint64_t count) { return std::to_string(count) + (count == 1 ? " sample" : " samples"); }

}  // namespace

bool MetricExpectation::accepts(const std::optional<Metric>& metric) const {
  switch (kind) {
    case Kind::kEquals:
      return metric && !metric->histogram && metric->value == value;
    case Kind::kAtLeast:
      return metric && !metric->histogram && metric->value >= value;
    case Kind::kSamples:
      return metric && metric->histogram && metric->value == value;
    case Kind::kAbsent:
      return !metric;
  }
  return false;
}

std::string MetricExpectation::describe() const {
  switch (kind) {
    case Kind::kEquals:
      return std::to_string(value);
    case Kind::kAtLeast:
      return "at least " + std::to_string(value);
    case Kind::kSamples:
      return samples(value);
    case Kind::kAbsent:
      return "absent";
  }
  return {};
}

std::string describe(const std::optional<Metric>& metric) {
  if (!metric) return "absent";
  return metric->histogram ? samples(metric->value) : std::to_string(metric->value);
}

}  // namespace sluice::scenario
