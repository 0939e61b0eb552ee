// A cache whose values expire, shared by all VMs with the same vm_id.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/crypto.h"
#include "sluice/result.h"

namespace sluice {

/// The limits of a TtlCache.
struct TtlCacheLimits {
  uint32_t entries = 1024;     ///< at least 1
  uint32_t valueBytes = 4096;  ///< of each value, at most
};

/// Keeps values by key, each for a limited time. The values are in shared data: all workers see them, and they survive
/// a change of the configuration.
///
/// A host never deletes a key of shared data, while clients can send any number of keys. So the cache has a fixed
/// number of slots. The SHA-256 of a key selects its slot, and a new value replaces the value in the slot. Which value
/// is evicted depends only on the keys: a client that knows the keys in use can choose a key that evicts another one.
/// It cannot choose a key that finds the value of another one.
///
/// The cache stores not the key but its SHA-256, so a key may be a secret, such as a token. It stores values as they
/// are.
///
/// Every request with the same key gets the same value: put everything that the value depends on into the key, and
/// nothing meant for a single client into the value (see docs/crypto.md).
///
///     TtlCache cache("my_filter/users");
///     warnUnlessOk(cache.keep(token, user, 60s), "keeping a user");
///     if (const auto user = cache.find(token)) use(*user);
class TtlCache {
 public:
  /// A cache with this name, which prefixes its keys in shared data: no other key of the same vm_id may begin with it.
  /// Objects with the same name and limits are the same cache, also in other VMs.
  explicit TtlCache(std::string_view name, TtlCacheLimits limits = {});

  /// The value of `key`; the view is valid until the callback returns. NotFound when there is none, when it has
  /// expired, or when the host's clock is now before the time of keep(). Otherwise an error of the hostcalls
  /// (proxy_get_shared_data, proxy_get_current_time_nanoseconds).
  Result<std::string_view> find(std::string_view key) const { return find(sha256(key)); }
  /// Finds the value by the SHA-256 of its key, for example when the key comes in pieces.
  Result<std::string_view> find(const Sha256Digest& key) const;

  /// Stores `value` for `key` until `timeToLive` has passed by the host's clock. Replaces the value in the slot.
  /// BadArgument when the value is larger than the limit, or when `timeToLive` is not above zero or is above 10,000
  /// days; otherwise an error of the hostcalls (proxy_set_shared_data, proxy_get_current_time_nanoseconds).
  Status keep(std::string_view key, std::string_view value, std::chrono::milliseconds timeToLive) const {
    return keep(sha256(key), value, timeToLive);
  }
  /// Stores the value by the SHA-256 of its key.
  Status keep(const Sha256Digest& key, std::string_view value, std::chrono::milliseconds timeToLive) const;

  /// Removes the value of `key`; Ok also when there is none. This empties the slot; its key in shared data stays,
  /// because hosts never delete one (proxy_get_shared_data, proxy_set_shared_data).
  Status remove(std::string_view key) const { return remove(sha256(key)); }
  /// Removes the value by the SHA-256 of its key.
  Status remove(const Sha256Digest& key) const;

  /// The maximum number of bytes of shared data that the cache uses for keys and values. The host needs some more
  /// memory for each entry.
  [[nodiscard]] uint64_t maxBytes() const;

 private:
  [[nodiscard]] std::string placeOf(const Sha256Digest& key) const;

  std::string name_;
  TtlCacheLimits limits_;
};

}  // namespace sluice
