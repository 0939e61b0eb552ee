// Metrics: counters, gauges and histograms of the host's, by name, and by name and tags.
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

/// What counters, gauges and histograms have in common.
class Metric {
 public:
  Metric(const Metric&) = delete;
  Metric& operator=(const Metric&) = delete;

  /// Makes the metric known to the host now, so that a counter or gauge shows as 0 before its first use, which would do
  /// it otherwise. InternalFailure where there is no name (proxy_define_metric).
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
  uint32_t id_ = 0;  // the host's
  bool defined_ = false;
};

/// A number that only grows. Define it in static memory, or as a member of a root context:
///
///     static sluice::Counter refused("my_filter.refused");
///     …
///     warnUnlessOk(refused.increment(), "counting");
///
/// The host knows it from its first use on; a callback has to be running then, so that constructors cannot use it.
/// Metrics of one name are one metric, in whichever VM they are; Envoy shows it as `wasmcustom.my_filter.refused`, and
/// keeps it for good. For several by tags see Tagged.
class Counter : public Metric {
 public:
  /// `name` must outlive the counter: a literal.
  explicit constexpr Counter(std::string_view name) : Metric(MetricType::Counter, name) {}
  /// Adds `delta`. BadArgument above 2^63 - 1 (proxy_increment_metric).
  Status increment(uint64_t delta = 1) {
    // Hosts refuse to add nothing.
    if (delta == 0) return define();
    return delta > INT64_MAX ? Status::BadArgument : incrementBy(static_cast<int64_t>(delta));
  }
  /// The sum of what all VMs have added (proxy_get_metric).
  Result<uint64_t> get() { return read(); }
};

/// A number that goes up and down; see Counter.
class Gauge : public Metric {
 public:
  /// `name` must outlive the gauge: a literal.
  explicit constexpr Gauge(std::string_view name) : Metric(MetricType::Gauge, name) {}
  /// Sets the gauge (proxy_record_metric).
  Status record(uint64_t value) { return recordValue(value); }
  /// Adds `delta`, which may be below 0; the gauge itself has no value below 0 (proxy_increment_metric).
  Status increment(int64_t delta = 1) { return delta == 0 ? define() : incrementBy(delta); }
  /// The present value, whichever VM has set it (proxy_get_metric).
  Result<uint64_t> get() { return read(); }
};

/// A distribution of values, such as sizes or milliseconds; see Counter. The host shows how many there were and how
/// large they are, in buckets; the filter cannot read them.
class Histogram : public Metric {
 public:
  /// `name` must outlive the histogram: a literal.
  explicit constexpr Histogram(std::string_view name) : Metric(MetricType::Histogram, name) {}
  /// Notes one more value (proxy_record_metric).
  Status record(uint64_t value) { return recordValue(value); }
};

/// The longest value of a tag; what is longer is cut.
inline constexpr size_t kMaxTagValueSize = 128;

/// A counter, gauge or histogram for each set of values that a metric's tags have:
///
///     static sluice::Tagged<sluice::Counter, 2> requests("requests", {"route", "code"});
///     …
///     warnUnlessOk(requests.with(route, "200").increment(), "counting");
///
/// Hosts know nothing of tags but what they find in names. Envoy finds them by the patterns in its `stats_config`, and
/// filters for it write `route=.=shop;.;code=.=200;.;requests`, so that this becomes
/// `requests{route="shop",code="200"}`:
///
///     stats_config:
///       stats_tags:
///       - { tag_name: route, regex: "(route=\\.=(.*?);\\.;)" }
///       - { tag_name: code, regex: "(code=\\.=(.*?);\\.;)" }
///
/// A host never forgets a metric. So that values which clients choose do not fill its memory, there are at most
/// `maxSets` sets of them in a VM; all further ones count together, with "other" for each value.
template <class Kind, size_t kTags>
  requires(std::derived_from<Kind, Metric> && kTags > 0)
class Tagged {
 public:
  /// Names and tags must outlive this: literals.
  constexpr Tagged(std::string_view name, const std::string_view (&tags)[kTags], size_t maxSets = 1000)
      : name_(name), maxSets_(maxSets) {
    for (size_t i = 0; i < kTags; ++i) tags_[i] = tags[i];
  }
  ~Tagged() { internal::freeTagged(root_); }
  Tagged(const Tagged&) = delete;
  Tagged& operator=(const Tagged&) = delete;

  /// The metric with these values of the tags, in their order; it lives as long as this. In values, `;` and control
  /// characters become `_`, and what is longer than kMaxTagValueSize is cut. When memory is exhausted it is a metric of
  /// which each use fails with InternalFailure.
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
      // One more than the limit: that of all the others.
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
