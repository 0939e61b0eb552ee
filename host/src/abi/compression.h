// Envoy's foreign functions compress and uncompress: zlib's format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/abi.h"

namespace sluice::host {

/// Compresses `bytes` in zlib's format at the default level.
Status compressBytes(std::string_view bytes, std::string* result);

/// Uncompresses zlib's format. Returns SerializationFailure when the bytes are not in this format or not complete, and
/// InvalidMemoryAccess when the result is larger than `limit` bytes.
Status uncompressBytes(std::string_view bytes, uint64_t limit, std::string* result);

}  // namespace sluice::host
