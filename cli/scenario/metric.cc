#include "scenario/metric.h"

namespace sluice::scenario {
namespace {

std::string samples(uint64_t count) { return std::to_string(count) + (count == 1 ? " sample" : " samples"); }

bool isHistogram(const host::Metric& metric) { return metric.type == MetricType::Histogram; }

}  // namespace

bool MetricExpectation::accepts(const host::MetricMap& metrics) const {
  const host::Metric* metric = host::findMetric(metrics, name, tags);
  switch (kind) {
    case Kind::Equals:
      return metric != nullptr && !isHistogram(*metric) && metric->value == value;
    case Kind::AtLeast:
      return metric != nullptr && !isHistogram(*metric) && metric->value >= value;
    case Kind::Samples:
      return metric != nullptr && isHistogram(*metric) && metric->samples.size() == value;
    case Kind::Absent:
      return metric == nullptr;
  }
  return false;
}

std::string MetricExpectation::describe() const {
  switch (kind) {
    case Kind::Equals:
      return std::to_string(value);
    case Kind::AtLeast:
      return "at least " + std::to_string(value);
    case Kind::Samples:
      return samples(value);
    case Kind::Absent:
      return "absent";
  }
  return {};
}

std::string describe(const host::Metric& metric) {
  return isHistogram(metric) ? samples(metric.samples.size()) : std::to_string(metric.value);
}

}  // namespace sluice::scenario
