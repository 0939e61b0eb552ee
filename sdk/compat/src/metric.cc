#include "sluice/compat/metric.h"

#include <algorithm>

std::string MetricBase::prefixWithFields(const std::vector<std::string>& fields) {
  std::string text = prefix;
  const size_t count = std::min(fields.size(), tags.size());
  for (size_t i = 0; i < count; ++i) {
    text.append(tags[i].name).append(value_separator).append(fields[i]).append(field_separator);
  }
  return text;
}

uint32_t MetricBase::resolveWithFields(const std::vector<std::string>& fields) {
  if (fields.size() != tags.size()) logAbort("metric fields.size() != tags.size()");
  return resolveFullName(prefixWithFields(fields) + name);
}

void MetricBase::partiallyResolveWithFields(const std::vector<std::string>& fields) {
  if (fields.size() >= tags.size()) logAbort("metric fields.size() >= tags.size()");
  prefix = prefixWithFields(fields);
  tags.erase(tags.begin(), tags.begin() + static_cast<ptrdiff_t>(fields.size()));
}

uint32_t MetricBase::resolveFullName(const std::string& n) {
  const auto known = metric_ids.find(n);
  if (known != metric_ids.end()) return known->second;
  uint32_t id = 0;
  CHECK_RESULT(defineMetric(type, n, &id));
  metric_ids[n] = id;
  return id;
}

std::string MetricBase::nameFromIdSlow(uint32_t id) {
  for (const auto& [fullName, number] : metric_ids) {
    if (number == id) return fullName;
  }
  return "";
}

#if !defined(__wasm__)
void sluice_compat::keepReachable(const MetricBase* metric) {
  static std::vector<const MetricBase*> kept;
  kept.push_back(metric);
}
#endif
