// Metrics: counters, gauges and histograms that the host keeps, by name or by name and tags.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/internal/tagged_nodes.h"
#include "sluice/result.h"

namespace sluice {

/// The base of Counter, Gauge and Histogram.
class Metric {
 public:
  Metric(const Metric&) = delete;
  Metric& operator=(const Metric&) = delete;

  /// Defines the metric in the host now, so that a counter or gauge shows as 0 before its first use. Without this call
  /// the first use defines the metric. InternalFailure when the metric has no name (proxy_define_metric).
  Status define();

 private:
  friend class Counter;
  friend class Gauge;
  friend class Histogram;
  constexpr Metric(MetricType type, std::string_view name) : type_(type), name_(name) {}
  ~Metric() = default;
  Status incrementBy(int64_t delta);
  Status recordValue(uint64_t value);
  Result<uint64_t> read();

  MetricType type_;
  std::string_view name_;
  uint32_t id_ = 0;  // the host's id
  bool defined_ = false;
};

/// A number that only grows. Make it a static variable or a member of a root context:
///
///     static sluice::Counter refused("my_filter.refused");
///     …
///     warnUnlessOk(refused.increment(), "counting");
///
/// The first use defines the counter in the host. Use it only in callbacks, not in constructors of static objects.
/// Metrics with the same name are one metric, also in different VMs. Envoy shows it as `wasmcustom.my_filter.refused`
/// and never deletes it. For a counter with tags see Tagged.
class Counter : public Metric {
 public:
  /// `name` must outlive the counter: use a literal.
  explicit constexpr Counter(std::string_view name) : Metric(MetricType::Counter, name) {}
  /// Adds `delta`. BadArgument above 2^63 - 1 (proxy_increment_metric).
  Status increment(uint64_t delta = 1) {
    // Hosts refuse an increment of zero.
    if (delta == 0) return define();
    return delta > INT64_MAX ? Status::BadArgument : incrementBy(static_cast<int64_t>(delta));
  }
  /// The sum of the increments of all VMs (proxy_get_metric).
  Result<uint64_t> get() { return read(); }
};

/// A number that goes up and down; see Counter.
class Gauge : public Metric {
 public:
  /// `name` must outlive the gauge: use a literal.
  explicit constexpr Gauge(std::string_view name) : Metric(MetricType::Gauge, name) {}
  /// Sets the gauge (proxy_record_metric).
  Status record(uint64_t value) { return recordValue(value); }
  /// Adds `delta`, which may be negative; the gauge itself is never negative (proxy_increment_metric).
  Status increment(int64_t delta = 1) { return delta == 0 ? define() : incrementBy(delta); }
  /// The current value, whichever VM has set it (proxy_get_metric).
  Result<uint64_t> get() { return read(); }
};

/// A distribution of values, such as sizes or milliseconds; see Counter. The host counts the values in buckets by size;
/// a filter cannot read them.
class Histogram : public Metric {
 public:
  /// `name` must outlive the histogram: use a literal.
  explicit constexpr Histogram(std::string_view name) : Metric(MetricType::Histogram, name) {}
  /// Records one value (proxy_record_metric).
  Status record(uint64_t value) { return recordValue(value); }
};

/// The maximum size of a tag's value in bytes; longer values are cut.
inline constexpr size_t kMaxTagValueSize = 128;

/// A counter, gauge or histogram for each combination of tag values:
///
///     static sluice::Tagged<sluice::Counter, 2> requests("requests", {"route", "code"});
///     …
///     warnUnlessOk(requests.with(route, "200").increment(), "counting");
///
/// The ABI has no tags: hosts extract them from the metric's name. Envoy does this with the patterns in its
/// `stats_config`. The SDK writes the name `route=.=shop;.;code=.=200;.;requests`, which these patterns turn into
/// `requests{route="shop",code="200"}`:
///
///     stats_config:
///       stats_tags:
///       - { tag_name: route, regex: "(route=\\.=(.*?);\\.;)" }
///       - { tag_name: code, regex: "(code=\\.=(.*?);\\.;)" }
///
/// A host never deletes a metric. To keep values that clients choose from filling the host's memory, a VM has at most
/// `maxSets` combinations; all further combinations share one metric, whose tag values are all "other".
template <class Kind, size_t kTags>
  requires(std::derived_from<Kind, Metric> && kTags > 0)
class Tagged {
 public:
  /// `name` and `tags` must outlive this object: use literals.
  constexpr Tagged(std::string_view name, const std::string_view (&tags)[kTags], size_t maxSets = 1000)
      : name_(name), maxSets_(maxSets) {
    for (size_t i = 0; i < kTags; ++i) tags_[i] = tags[i];
  }
  ~Tagged() { internal::freeTagged(root_); }
  Tagged(const Tagged&) = delete;
  Tagged& operator=(const Tagged&) = delete;

  /// The metric with these tag values, in the order of the tags; it lives as long as this object. In values, `;` and
  /// control characters become `_`, and values longer than kMaxTagValueSize are cut. When memory is exhausted, returns
  /// a metric whose every use fails with InternalFailure.
  template <class... Values>
    requires(sizeof...(Values) == kTags && (... && std::convertible_to<const Values&, std::string_view>))
  Kind& with(const Values&... values) {
    const std::string_view views[] = {std::string_view(values)...};
    return find(views);
  }

 private:
  struct Node : internal::TaggedNode {
    explicit Node(const internal::TaggedName& tagged) : TaggedNode{{}, tagged.hash, tagged.name}, metric(tagged.name) {}
    Kind metric;
  };

  Kind& find(const std::string_view* values) {
    auto name = internal::tagName(name_, tags_, values, kTags);
    if (name.name.data() == nullptr) return none_;
    auto** link = internal::findTagged(&root_, name);
    if (*link == nullptr) {
      // At the limit: use the one metric for all other combinations.
      if (sets_ >= maxSets_ && values != nullptr) return find(nullptr);
      auto* const memory = internal::allocateTagged(sizeof(Node), name);
      if (memory == nullptr) return none_;
      *link = new (memory) Node(name);
      ++sets_;
    }
    return static_cast<Node*>(*link)->metric;
  }

  std::string_view name_;
  std::string_view tags_[kTags];
  size_t maxSets_;
  size_t sets_ = 0;
  internal::TaggedNode* root_ = nullptr;
  Kind none_{std::string_view()};
};

}  // namespace sluice
