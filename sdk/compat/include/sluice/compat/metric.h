// Metrics with tags: each combination of tag values is a separate metric in the host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "proxy_wasm_externs.h"
#include "sluice/compat/log.h"

/// Defines a metric, or finds an existing one (proxy_define_metric).
inline WasmResult defineMetric(MetricType type, std::string_view name, uint32_t* metric_id) {
  return proxy_define_metric(type, name.data(), name.size(), metric_id);
}
/// Adds `offset` to a counter or gauge (proxy_increment_metric).
inline WasmResult incrementMetric(uint32_t metric_id, int64_t offset) {
  return proxy_increment_metric(metric_id, offset);
}
/// Sets a gauge, adds to a counter, or adds a value to a histogram (proxy_record_metric).
inline WasmResult recordMetric(uint32_t metric_id, uint64_t value) { return proxy_record_metric(metric_id, value); }
/// Reads a counter or gauge (proxy_get_metric).
inline WasmResult getMetric(uint32_t metric_id, uint64_t* value) { return proxy_get_metric(metric_id, value); }

/// A tag: its name and the type of its values.
struct MetricTag {
  enum class TagType : uint32_t {
    String = 0,
    Int = 1,
    Bool = 2,
  };
  std::string name;
  TagType tagType;
};

/// The name of a tag with values of type T.
template <typename T>
struct MetricTagDescriptor {
  MetricTagDescriptor(std::string_view n) : name(n) {}
  MetricTagDescriptor(const char* n) : name(n) {}
  typedef T type;
  std::string_view name;
};

/// A tag's value as text.
template <typename T>
inline std::string toString(T t) {
  return std::to_string(t);
}
template <>
inline std::string toString(std::string_view t) {
  return std::string(t);
}
template <>
inline std::string toString(const char* t) {
  return std::string(t);
}
template <>
inline std::string toString(std::string t) {
  return t;
}
template <>
inline std::string toString(bool t) {
  return t ? "true" : "false";
}

/// The tag of a descriptor; it has no name if the type is not a tag's.
template <typename T>
inline MetricTag toMetricTag(const MetricTagDescriptor<T>&) {
  return {};
}
template <>
inline MetricTag toMetricTag(const MetricTagDescriptor<const char*>& d) {
  return {std::string(d.name), MetricTag::TagType::String};
}
template <>
inline MetricTag toMetricTag(const MetricTagDescriptor<std::string>& d) {
  return {std::string(d.name), MetricTag::TagType::String};
}
template <>
inline MetricTag toMetricTag(const MetricTagDescriptor<std::string_view>& d) {
  return {std::string(d.name), MetricTag::TagType::String};
}
template <>
inline MetricTag toMetricTag(const MetricTagDescriptor<int>& d) {
  return {std::string(d.name), MetricTag::TagType::Int};
}
template <>
inline MetricTag toMetricTag(const MetricTagDescriptor<bool>& d) {
  return {std::string(d.name), MetricTag::TagType::Bool};
}

template <typename T>
struct StringToStringView {
  typedef T type;
};
template <>
struct StringToStringView<std::string> {
  typedef std::string_view type;
};

/// A metric's name, tags and separators, and the host's ids of the combinations that were used. The full name is
/// `prefix`, then each tag, `value_separator`, its value and `field_separator`, then `name`.
struct MetricBase {
  MetricBase(MetricType t, const std::string& n) : type(t), name(n) {}
  MetricBase(MetricType t, const std::string& n, const std::vector<MetricTag>& ts) : type(t), name(n), tags(ts) {}
  MetricBase(MetricType t, const std::string& n, const std::vector<MetricTag>& ts, std::string fs, std::string vs)
      : type(t), name(n), tags(ts), field_separator(std::move(fs)), value_separator(std::move(vs)) {}

  MetricType type;
  std::string name;
  std::string prefix;
  std::vector<MetricTag> tags;
  std::unordered_map<std::string, uint32_t> metric_ids;

  std::string field_separator = ".";
  std::string value_separator = ".";

  /// The prefix of names in which the first tags have these values. Values without a tag are ignored.
  std::string prefixWithFields(const std::vector<std::string>& fields);
  /// The id of the metric with this full name. Defines it at its first use; stops the VM when the host refuses it.
  uint32_t resolveFullName(const std::string& n);
  /// The id for these values; stops the VM unless each tag has a value.
  uint32_t resolveWithFields(const std::vector<std::string>& fields);
  /// Fixes the values of the first tags; stops the VM unless other tags remain.
  void partiallyResolveWithFields(const std::vector<std::string>& fields);
  /// The full name of the metric with an id, found by a linear search; "" when there is none.
  std::string nameFromIdSlow(uint32_t id);
};

namespace sluice_compat {
/// The current value; stops the VM when the hostcall fails.
inline uint64_t valueOfMetric(uint32_t id) {
  uint64_t value = 0;
  CHECK_RESULT(getMetric(id, &value));
  return value;
}
}  // namespace sluice_compat

/// A metric whose tags have values of any types.
struct Metric : public MetricBase {
  using MetricBase::MetricBase;

  /// Add `offset`; set or record `value`; read the value. `tags` has a value for each tag.
  template <typename... Fields>
  void increment(int64_t offset, Fields... tags) {
    incrementMetric(resolve(std::move(tags)...), offset);
  }
  template <typename... Fields>
  void record(uint64_t value, Fields... tags) {
    recordMetric(resolve(std::move(tags)...), value);
  }
  template <typename... Fields>
  uint64_t get(Fields... tags) {
    return sluice_compat::valueOfMetric(resolve(std::move(tags)...));
  }
  /// The id for these values, for incrementMetric(), recordMetric() and getMetric().
  template <typename... Fields>
  uint32_t resolve(Fields... tags) {
    return resolveWithFields({toString(std::move(tags))...});
  }
  /// The metric whose first tags have these values.
  template <typename... Fields>
  Metric partiallyResolve(Fields... tags) {
    Metric partial(*this);
    partial.partiallyResolveWithFields({toString(std::move(tags))...});
    return partial;
  }
};

/// One counter, gauge or histogram, by its id.
struct SimpleCounter {
  SimpleCounter(uint32_t id) : metric_id(id) {}

  void increment(int64_t offset) { incrementMetric(metric_id, offset); }
  void record(int64_t offset) { increment(offset); }
  uint64_t get() { return sluice_compat::valueOfMetric(metric_id); }
  void operator++() { increment(1); }
  void operator++(int) { increment(1); }

  uint32_t metric_id;
};
struct SimpleGauge {
  SimpleGauge(uint32_t id) : metric_id(id) {}

  void record(uint64_t offset) { recordMetric(metric_id, offset); }
  uint64_t get() { return sluice_compat::valueOfMetric(metric_id); }

  uint32_t metric_id;
};
struct SimpleHistogram {
  SimpleHistogram(uint32_t id) : metric_id(id) {}

  void record(int64_t offset) { recordMetric(metric_id, static_cast<uint64_t>(offset)); }

  uint32_t metric_id;
};

namespace sluice_compat {

/// Metrics that New() makes are never deleted. In native tests a list keeps them reachable, so that the leak check does
/// not report them.
#if defined(__wasm__)
inline void keepReachable(const MetricBase*) {}
#else
void keepReachable(const MetricBase* metric);
#endif

/// The base of Counter, Gauge and Histogram: `Self<Tags...>` has tags of fixed types.
template <template <typename...> class Self, class Simple, MetricType kType, typename... Tags>
struct TypedMetric : public MetricBase {
  /// A new metric, which is not deleted.
  static Self<Tags...>* New(std::string_view name, MetricTagDescriptor<Tags>... fieldnames) {
    auto* const metric = new Self<Tags...>(name, fieldnames...);
    keepReachable(metric);
    return metric;
  }
  explicit TypedMetric(std::string_view name, MetricTagDescriptor<Tags>... descriptors)
      : MetricBase(kType, std::string(name), {toMetricTag(descriptors)...}) {}

  /// The metric with these tag values.
  Simple resolve(Tags... tags) { return Simple(resolveWithFields({toString(std::move(tags))...})); }
  /// A new metric with fixed values for these tags and with further tags. It is never deleted.
  template <typename... AdditionalTags>
  Self<AdditionalTags...>* extendAndResolve(Tags... tags, MetricTagDescriptor<AdditionalTags>... fieldnames) {
    auto* const extended = Self<AdditionalTags...>::New(name, fieldnames...);
    extended->prefix = prefixWithFields({toString(std::move(tags))...});
    return extended;
  }
};

}  // namespace sluice_compat

/// A counter with tags.
template <typename... Tags>
struct Counter : public sluice_compat::TypedMetric<Counter, SimpleCounter, MetricType::Counter, Tags...> {
  using Counter::TypedMetric::TypedMetric;

  void increment(int64_t offset, Tags... tags) { this->resolve(std::move(tags)...).increment(offset); }
  void record(int64_t offset, Tags... tags) { increment(offset, std::move(tags)...); }
  uint64_t get(Tags... tags) { return this->resolve(std::move(tags)...).get(); }
};

/// A gauge with tags.
template <typename... Tags>
struct Gauge : public sluice_compat::TypedMetric<Gauge, SimpleGauge, MetricType::Gauge, Tags...> {
  using Gauge::TypedMetric::TypedMetric;

  void record(int64_t offset, typename StringToStringView<Tags>::type... tags) {
    recordMetric(this->resolveWithFields({toString(std::move(tags))...}), static_cast<uint64_t>(offset));
  }
  uint64_t get(Tags... tags) { return this->resolve(std::move(tags)...).get(); }
};

/// A histogram with tags.
template <typename... Tags>
struct Histogram : public sluice_compat::TypedMetric<Histogram, SimpleHistogram, MetricType::Histogram, Tags...> {
  using Histogram::TypedMetric::TypedMetric;

  void record(int64_t offset, typename StringToStringView<Tags>::type... tags) {
    recordMetric(this->resolveWithFields({toString(std::move(tags))...}), static_cast<uint64_t>(offset));
  }
};
