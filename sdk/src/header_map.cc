#include "sluice/header_map.h"

#include "sluice/internal/pairs_writer.h"

namespace sluice {

Result<HeaderPairs> HeaderPairs::parse(std::string_view data) {
  HeaderPairs pairs;
  // Spec, Serialization: an empty map is either no bytes or one zero byte.
  if (data.empty() || (data.size() == 1 && data.front() == '\0')) return pairs;
  if (data.size() < 4) return Status::ParseFailure;
  const char* const sizes = data.data() + 4;
  const size_t count = readSize(data.data());
  size_t rest = data.size() - 4;
  if (count > rest / 8) return Status::ParseFailure;
  rest -= 8 * count;
  const char* bytes = sizes + 8 * count;
  // Each name and each value takes its size field, its bytes and a zero byte.
  for (size_t i = 0; i < 2 * count; ++i) {
    const size_t size = readSize(sizes + 4 * i);
    if (size >= rest || bytes[size] != '\0') return Status::ParseFailure;
    bytes += size + 1;
    rest -= size + 1;
  }
  if (rest != 0) return Status::ParseFailure;
  pairs.sizes_ = sizes;
  pairs.count_ = count;
  return pairs;
}

namespace internal {

HostData serialize(HeaderSpan headers) {
  // 64 bits, because views may overlap: the sum of their sizes may be larger than the memory.
  uint64_t total = 4;
  for (const auto& header : headers) total += uint64_t{header.name.size()} + header.value.size() + 10;
  if (total > UINT32_MAX) return {};
  const auto size = static_cast<size_t>(total);
  auto* const data = static_cast<char*>(arenaAllocate(size));
  if (data == nullptr) return {};
  PairsWriter writer(data, headers.size());
  for (const auto& header : headers) writer.sizes(header.name, header.value);
  for (const auto& header : headers) writer.texts(header.name, header.value);
  return {data, size};
}

}  // namespace internal
}  // namespace sluice
