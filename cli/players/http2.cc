#include "players/http2.h"

namespace sluice::scenario {

std::vector<nghttp2_nv> nameValues(const host::Headers& headers) {
  std::vector<nghttp2_nv> result;
  for (const auto& [name, value] : headers) {
    // nghttp2 copies the bytes, but the pointers in its structure are not const.
    auto* const nameBytes = reinterpret_cast<uint8_t*>(const_cast<char*>(name.data()));
    auto* const valueBytes = reinterpret_cast<uint8_t*>(const_cast<char*>(value.data()));
    result.push_back({nameBytes, valueBytes, name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  return result;
}

}  // namespace sluice::scenario
