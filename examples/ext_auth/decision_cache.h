// Decisions that all VMs of the plugin share for a limited time.
#pragma once

#include <optional>
#include <string>

#include "common/host_failure.h"
#include "ext_auth/decision.h"
#include "ext_auth/settings.h"
#include "sluice/ttl_cache.h"

class DecisionCache {
 public:
  explicit DecisionCache(const Settings& settings) : settings_(settings) {}

  bool enabled() const { return settings_.timeToLive.count() > 0; }

  /// The decision about the question with this digest, if there is a valid one.
  std::optional<Decision> find(const sluice::Sha256Digest& question) const {
    const auto entry = cache().find(question);
    if (hasFailed(entry.status(), "looking for a decision") || !entry) return std::nullopt;
    return Decision::decode(*entry);
  }

  /// Keeps a decision, unless it is for a single client: other clients with the same question would get that client's
  /// session or redirect. Without a cached decision the filter asks the service again.
  void keep(const sluice::Sha256Digest& question, const Decision& decision) const {
    if (decision.isForOne) return;
    const auto bytes = decision.encode();
    if (bytes.size() > kMaxSize) return;
    sluice::warnUnlessOk(cache().keep(question, bytes, settings_.timeToLive), "keeping a decision");
  }

 private:
  static constexpr uint32_t kMaxSize = 4096;

  sluice::TtlCache cache() const { return sluice::TtlCache("ext_auth", {settings_.cacheEntries, kMaxSize}); }

  const Settings& settings_;
};
