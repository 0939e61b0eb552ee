// A cache with a time to live that all VMs of a vm_id share.
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

/// How much a TtlCache may hold.
struct TtlCacheLimits {
  uint32_t entries = 1024;     ///< at least 1
  uint32_t valueBytes = 4096;  ///< of each value, at most
};

/// Values by key, each for a time. They lie in shared data: all workers know what one has learnt, and they outlive a
/// change of the configuration. A host never forgets a key of shared data, and what clients send is without end: so
/// there is a fixed number of places. A key's SHA-256 names its place, and the value that comes later takes it: what is
/// evicted depends on the keys alone, and who knows the keys in use can choose one that evicts another, but none that
/// is taken for another. Keys are not kept, only their SHA-256: a key may be a secret, such as a token. Values are kept
/// as they are.
///
/// What is found is for whoever has the same key: put into the key all that the value depends on, and into the value
/// nothing that was meant for one client (see docs/crypto.md).
///
///     TtlCache cache("my_filter/users");
///     warnUnlessOk(cache.keep(token, user, 60s), "keeping a user");
///     if (const auto user = cache.find(token)) use(*user);
class TtlCache {
 public:
  /// A cache under a name that no other use of shared data in the same vm_id begins with. Those of the same name and
  /// limits, in other VMs too, are the same cache.
  explicit TtlCache(std::string_view name, TtlCacheLimits limits = {});

  /// The value that was kept for `key` and is still good, valid until the callback returns. NotFound when there is
  /// none, or its time is over, or the host's clock stands before the time at which it was kept; else an error of the
  /// hostcalls (proxy_get_shared_data, proxy_get_current_time_nanoseconds).
  Result<std::string_view> find(std::string_view key) const { return find(sha256(key)); }
  /// The same for a key of which the SHA-256 is known, such as one in pieces.
  Result<std::string_view> find(const Sha256Digest& key) const;

  /// Keeps `value` for `key` until `timeToLive` has passed by the host's clock, in place of what is there. BadArgument
  /// when the value is larger than the limit, or the time is not above zero or past 10,000 days; else an error of the
  /// hostcalls (proxy_set_shared_data, proxy_get_current_time_nanoseconds).
  Status keep(std::string_view key, std::string_view value, std::chrono::milliseconds timeToLive) const {
    return keep(sha256(key), value, timeToLive);
  }
  /// The same for a key of which the SHA-256 is known.
  Status keep(const Sha256Digest& key, std::string_view value, std::chrono::milliseconds timeToLive) const;

  /// Forgets what is kept for `key`, also where there is nothing. Only the place is emptied; its key in shared data
  /// stays, as all do (proxy_get_shared_data, proxy_set_shared_data).
  Status remove(std::string_view key) const { return remove(sha256(key)); }
  /// The same for a key of which the SHA-256 is known.
  Status remove(const Sha256Digest& key) const;

  /// How many bytes of shared data the cache takes at most, keys and values together; the host's own bookkeeping of
  /// each entry comes on top.
  [[nodiscard]] uint64_t maxBytes() const;

 private:
  std::string placeOf(const Sha256Digest& key) const;

  std::string name_;
  TtlCacheLimits limits_;
};

}  // namespace sluice
