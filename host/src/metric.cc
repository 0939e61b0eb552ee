#include "sluice/host/metric.h"

#include <algorithm>

namespace sluice::host {
namespace {

constexpr std::string_view kBetweenTags = ";.;";
constexpr std::string_view kInTag = "=.=";

// Takes the tags off the beginning of `name`.
Tags takeTags(std::string_view& name) {
  Tags tags;
  while (true) {
    const size_t end = name.find(kBetweenTags);
    const size_t middle = name.find(kInTag);
    if (end == std::string_view::npos || middle == std::string_view::npos || middle + kInTag.size() > end) return tags;
    const std::string_view value = name.substr(middle + kInTag.size(), end - middle - kInTag.size());
    tags.emplace_back(name.substr(0, middle), value);
    name.remove_prefix(end + kBetweenTags.size());
  }
}

}  // namespace

const Metric* findMetric(const MetricMap& metrics, std::string_view name, const Tags& tags) {
  if (tags.empty()) {
    const auto found = metrics.find(name);
    return found == metrics.end() ? nullptr : &found->second;
  }
  for (const auto& [defined, metric] : metrics) {
    std::string_view rest = defined;
    const Tags found = takeTags(rest);
    if (rest == name && std::is_permutation(found.begin(), found.end(), tags.begin(), tags.end())) return &metric;
  }
  return nullptr;
}

std::string describeMetricName(std::string_view name, Tags tags) {
  if (tags.empty()) return std::string(name);
  std::sort(tags.begin(), tags.end());
  std::string text;
  for (const auto& [tag, value] : tags) text += (text.empty() ? "" : ", ") + tag + "=" + value;
  return std::string(name) + "{" + text + "}";
}

std::string describeMetricName(std::string_view definedName) {
  Tags tags = takeTags(definedName);
  return describeMetricName(definedName, std::move(tags));
}

}  // namespace sluice::host
