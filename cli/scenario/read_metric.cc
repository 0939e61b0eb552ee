#include "scenario/read.h"

namespace sluice::scenario {
namespace {

MetricExpectation readMetricExpectation(const std::string& name, const YamlNode& node) {
  using Kind = MetricExpectation::Kind;
  if (node.isScalar()) return {name, Kind::Equals, node.number(0, UINT64_MAX)};
  node.checkKeys({"at_least", "samples", "absent"});
  const auto entries = node.entries();
  if (entries.size() != 1) node.fail("'" + name + "' must be a number, or one of at_least, samples, absent");
  const auto& [key, value] = entries.front();
  if (key == "absent") {
    if (!value.boolean()) value.fail("'absent' can only be true");
    return {name, Kind::Absent, 0};
  }
  return {name, key == "at_least" ? Kind::AtLeast : Kind::Samples, value.number(0, UINT64_MAX)};
}

}  // namespace

std::vector<MetricExpectation> readMetricExpectations(const YamlNode& node) {
  std::vector<MetricExpectation> metrics;
  for (const auto& [name, value] : node.entries()) metrics.push_back(readMetricExpectation(name, value));
  return metrics;
}

}  // namespace sluice::scenario
