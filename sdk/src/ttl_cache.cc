#include "sluice/ttl_cache.h"

#include <algorithm>
#include <cstring>

#include "sluice/clock.h"
#include "sluice/shared_data.h"

namespace sluice {

namespace {

// The header before a value: the key's digest, and the times from which and until which the value is valid, in
// nanoseconds.
constexpr size_t kHeaderSize = sizeof(Sha256Digest) + 2 * sizeof(int64_t);
// The key of a slot is the cache's name, a slash and four bytes: two caches never share a key.
constexpr size_t kNumberSize = sizeof(uint32_t);
// Small enough that adding it to a host's time does not overflow.
constexpr std::chrono::milliseconds kMaxTimeToLive = std::chrono::hours(24 * 10'000);

// Returns the entry (header and value) in the slot if it belongs to `key`.
Result<SharedValue<>> entryOf(std::string_view place, const Sha256Digest& key) {
  const auto entry = getSharedData(place);
  if (entry && (entry->value.size() < kHeaderSize || !entry->value.starts_with(bytesOf(key)))) return Status::NotFound;
  return entry;
}

}  // namespace

TtlCache::TtlCache(std::string_view name, TtlCacheLimits limits) : name_(name), limits_(limits) {
  name_ += '/';
  limits_.entries = std::max<uint32_t>(limits_.entries, 1);
}

std::string TtlCache::placeOf(const Sha256Digest& key) const {
  uint32_t number = 0;
  std::memcpy(&number, key.data(), sizeof number);
  return name_ + std::string(internal::LittleEndian<uint32_t>(number % limits_.entries).view());
}

Result<std::string_view> TtlCache::find(const Sha256Digest& key) const {
  const auto entry = entryOf(placeOf(key), key);
  if (!entry) return entry.status();
  const auto now = currentTime();
  if (!now) return now.status();
  const auto time = now->time_since_epoch().count();
  const char* const times = entry->value.data() + sizeof key;
  if (time < internal::LittleEndian<int64_t>::read(times) ||
      time >= internal::LittleEndian<int64_t>::read(times + sizeof(int64_t)))
    return Status::NotFound;
  return entry->value.substr(kHeaderSize);
}

Status TtlCache::keep(const Sha256Digest& key, std::string_view value, std::chrono::milliseconds timeToLive) const {
  if (value.size() > limits_.valueBytes || timeToLive.count() <= 0 || timeToLive > kMaxTimeToLive)
    return Status::BadArgument;
  const auto now = currentTime();
  if (!now) return now.status();
  const int64_t from = now->time_since_epoch().count();
  const int64_t length = Duration(timeToLive).count();
  if (from > INT64_MAX - length) return Status::BadArgument;
  std::string entry;
  entry.reserve(kHeaderSize + value.size());
  entry += bytesOf(key);
  entry += internal::LittleEndian<int64_t>(from).view();
  entry += internal::LittleEndian<int64_t>(from + length).view();
  entry += value;
  return setSharedData(placeOf(key), entry);
}

Status TtlCache::remove(const Sha256Digest& key) const {
  const auto place = placeOf(key);
  const auto entry = entryOf(place, key);
  if (!entry) return entry.status() == Status::NotFound ? Status::Ok : entry.status();
  const auto status = setSharedData(place, {}, entry->cas);
  // On a mismatch another VM has just replaced the entry.
  return status == Status::CasMismatch ? Status::Ok : status;
}

uint64_t TtlCache::maxBytes() const {
  return uint64_t{limits_.entries} * (name_.size() + kNumberSize + kHeaderSize + limits_.valueBytes);
}

}  // namespace sluice
