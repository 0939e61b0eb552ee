// Serializes lists of headers for the host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sluice/internal/pairs_writer.h"
#include "sluice/internal/runtime.h"

/// Headers, trailers or metadata to send.
using HeaderStringPairs = std::vector<std::pair<std::string, std::string>>;

/// The number of bytes that marshalPairs() writes. `result` is a container of pairs of strings or string views.
template <typename Pairs>
size_t pairsSize(const Pairs& result) {
  // 64 bits, because views may overlap: the sum of their sizes may be larger than the memory.
  uint64_t size = 4;
  for (auto& p : result) size += uint64_t{p.first.size()} + p.second.size() + 10;
  if (size > UINT32_MAX) sluice::internal::fatal("sluice: a header list of more than 4 GiB");
  return static_cast<size_t>(size);
}

/// Writes `pairs` to `buffer`, which must have pairsSize() bytes.
template <typename Pairs>
void marshalPairs(const Pairs& pairs, char* buffer) {
  sluice::internal::PairsWriter writer(buffer, pairs.size());
  for (auto& p : pairs) writer.sizes(p.first, p.second);
  for (auto& p : pairs) writer.texts(p.first, p.second);
}

/// Writes `pairs` to new memory, which the caller frees with ::free(). For an empty list, returns null and a size of 0.
template <typename Pairs>
void exportPairs(const Pairs& pairs, const char** ptr, size_t* size_ptr) {
  *ptr = nullptr;
  *size_ptr = 0;
  if (pairs.empty()) return;
  const size_t size = pairsSize(pairs);
  auto* const buffer = static_cast<char*>(::malloc(size));
  if (buffer == nullptr) sluice::internal::fatal("sluice: out of memory");
  marshalPairs(pairs, buffer);
  *size_ptr = size;
  *ptr = buffer;
}

/// exportPairs() for HeaderStringPairs.
inline void MakeHeaderStringPairsBuffer(const HeaderStringPairs& headers, void** buffer_ptr, size_t* size_ptr) {
  const char* buffer;
  exportPairs(headers, &buffer, size_ptr);
  *buffer_ptr = const_cast<char*>(buffer);
}

/// Hashers for containers of pairs and of tuples of three.
struct PairHash {
  template <typename T, typename U>
  size_t operator()(const std::pair<T, U>& x) const {
    return std::hash<T>()(x.first) + std::hash<U>()(x.second);
  }
};
struct Tuple3Hash {
  template <typename T, typename U, typename V>
  size_t operator()(const std::tuple<T, U, V>& x) const {
    return std::hash<T>()(std::get<0>(x)) + std::hash<U>()(std::get<1>(x)) + std::hash<V>()(std::get<2>(x));
  }
};

namespace sluice_compat {

/// Owns the bytes of exportPairs(): the destructor frees them.
class ExportedPairs {
 public:
  explicit ExportedPairs(const HeaderStringPairs& pairs) { exportPairs(pairs, &data, &size); }
  ~ExportedPairs() { std::free(const_cast<char*>(data)); }
  ExportedPairs(const ExportedPairs&) = delete;
  ExportedPairs& operator=(const ExportedPairs&) = delete;

  const char* data;
  size_t size;
};

}  // namespace sluice_compat
