#include "abi/pairs.h"

#include <cstdint>
#include <cstring>
#include <vector>

namespace sluice::host {
namespace {

constexpr size_t kMaxBytes = 1024 * 1024;
constexpr uint32_t kMaxPairs = 1024;

void append(std::string* bytes, size_t value) {
  auto number = static_cast<uint32_t>(value);
  char raw[sizeof(number)];
  std::memcpy(raw, &number, sizeof(number));
  bytes->append(raw, sizeof(number));
}

/// Removes a number from the front of `bytes`; returns false when there is none.
bool take(std::string_view* bytes, uint32_t* number) {
  if (bytes->size() < sizeof(*number)) return false;
  std::memcpy(number, bytes->data(), sizeof(*number));
  bytes->remove_prefix(sizeof(*number));
  return true;
}

/// Removes a string of `size` bytes and its terminating zero from the front of `bytes`.
bool take(std::string_view* bytes, uint32_t size, std::string* text) {
  if (bytes->size() <= size || (*bytes)[size] != '\0') return false;
  text->assign(*bytes, 0, size);
  bytes->remove_prefix(size_t{size} + 1);
  return true;
}

}  // namespace

std::string encodePairs(const Headers& pairs) {
  size_t size = sizeof(uint32_t);
  for (const auto& [name, value] : pairs) size += 2 * sizeof(uint32_t) + name.size() + value.size() + 2;
  std::string bytes;
  bytes.reserve(size);
  append(&bytes, pairs.size());
  for (const auto& [name, value] : pairs) {
    append(&bytes, name.size());
    append(&bytes, value.size());
  }
  for (const auto& [name, value] : pairs) {
    bytes.append(name).push_back('\0');
    bytes.append(value).push_back('\0');
  }
  return bytes;
}

Headers decodePairs(std::string_view bytes) {
  uint32_t count = 0;
  if (bytes.size() > kMaxBytes || !take(&bytes, &count) || count > kMaxPairs) return {};
  std::vector<std::pair<uint32_t, uint32_t>> sizes(count);
  for (auto& [name, value] : sizes) {
    if (!take(&bytes, &name) || !take(&bytes, &value)) return {};
  }
  Headers pairs(count);
  for (uint32_t i = 0; i < count; ++i) {
    if (!take(&bytes, sizes[i].first, &pairs[i].first) || !take(&bytes, sizes[i].second, &pairs[i].second)) return {};
  }
  if (!bytes.empty()) return {};
  return pairs;
}

}  // namespace sluice::host
