// Decisions that all VMs of the plugin share, each for a time.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "common/host_failure.h"
#include "common/sha256.h"
#include "ext_auth/decision.h"
#include "sluice/clock.h"
#include "sluice/shared_data.h"

/// A host never forgets a key, and what clients send is without end: so there is a fixed number of places, of which a
/// question's digest names one, and the decision that comes later takes it. An entry is the digest, the time until
/// which it is valid, and the decision.
class DecisionCache {
 public:
  explicit DecisionCache(const Settings& settings) : settings_(settings) {}

  bool enabled() const { return settings_.timeToLive.count() > 0; }

  /// The decision about the question with this digest, if there is one that is still valid.
  std::optional<Decision> find(const crypto::Digest& digest) const {
    const auto now = sluice::currentTime();
    const auto entry = sluice::getSharedData(key(digest));
    if (hasFailed(entry.status(), "looking for a decision") || !entry || !now) return std::nullopt;
    auto bytes = entry->value;
    if (bytes.size() < kHeaderSize || std::memcmp(bytes.data(), digest.data(), digest.size()) != 0) return std::nullopt;
    int64_t until = 0;
    std::memcpy(&until, bytes.data() + digest.size(), sizeof until);
    if (now->time_since_epoch().count() >= until) return std::nullopt;
    return Decision::decode(bytes.substr(kHeaderSize));
  }

  /// Keeps a decision. One that cannot be kept is asked for again.
  void keep(const crypto::Digest& digest, const Decision& decision) const {
    const auto now = sluice::currentTime();
    if (!sluice::warnUnlessOk(now.status(), "the time")) return;
    const int64_t until = (*now + settings_.timeToLive).time_since_epoch().count();
    std::string bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
    bytes.append(reinterpret_cast<const char*>(&until), sizeof until);
    bytes.append(decision.encode());
    if (bytes.size() <= kMaxSize) sluice::warnUnlessOk(sluice::setSharedData(key(digest), bytes), "keeping a decision");
  }

 private:
  static constexpr size_t kHeaderSize = sizeof(crypto::Digest) + sizeof(int64_t);
  static constexpr size_t kMaxSize = 4096;

  std::string key(const crypto::Digest& digest) const {
    uint32_t number = 0;
    std::memcpy(&number, digest.data(), sizeof number);
    number %= settings_.cacheEntries;
    return std::string("ext_auth/").append(reinterpret_cast<const char*>(&number), sizeof number);
  }

  const Settings& settings_;
};
