// How the bytes are counted that the host keeps for guests (Limits::hostBytes).
#pragma once

#include <cstdint>

namespace sluice::host {

/// What one thing takes that holds `bytes` bytes, about: strings and containers have bytes of their own.
inline uint64_t kept(uint64_t bytes) { return bytes + 128; }

}  // namespace sluice::host
