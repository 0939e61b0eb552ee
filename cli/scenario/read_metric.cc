#include "scenario/read.h"

namespace sluice::scenario {
namespace {

using Kind = MetricExpectation::Kind;

// Reads the value: `value`, `at_least`, `samples` or `absent`.
void readValue(const std::string& key, const YamlNode& node, MetricExpectation& expectation) {
  if (key == "absent") {
    if (!node.boolean()) node.fail("'absent' can only be true");
    expectation.kind = Kind::Absent;
    return;
  }
  expectation.kind = key == "value" ? Kind::Equals : key == "at_least" ? Kind::AtLeast : Kind::Samples;
  expectation.value = node.number(0, UINT64_MAX);
}

MetricExpectation readMetricExpectation(const std::string& name, const YamlNode& node) {
  MetricExpectation expectation{.name = name, .line = node.line()};
  if (node.isScalar()) {
    readValue("value", node, expectation);
    return expectation;
  }
  node.checkKeys({"tags", "value", "at_least", "samples", "absent"});
  size_t values = 0;
  for (const auto& [key, value] : node.entries()) {
    if (key == "tags") {
      for (const auto& [tag, text] : value.entries()) expectation.tags.emplace_back(tag, text.text());
      continue;
    }
    readValue(key, value, expectation);
    ++values;
  }
  if (values != 1) node.fail("'" + name + "' must be a number, or one of value, at_least, samples, absent");
  return expectation;
}

}  // namespace

std::vector<MetricExpectation> readMetricExpectations(const YamlNode& node) {
  std::vector<MetricExpectation> metrics;
  for (const auto& [name, value] : node.entries()) {
    if (!value.isSequence()) {
      metrics.push_back(readMetricExpectation(name, value));
      continue;
    }
    for (const auto& item : value.items(name)) metrics.push_back(readMetricExpectation(name, item));
  }
  return metrics;
}

}  // namespace sluice::scenario
