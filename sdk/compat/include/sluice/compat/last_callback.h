// Hostcalls that the last callbacks of a stream refuse; see sluice::internal::LastCallback.
#pragma once

#include <cstdint>

#include "proxy_wasm_common.h"
#include "proxy_wasm_enums.h"

namespace sluice_compat {

/// Whether the effective context is a stream in one of its last callbacks.
bool inLastCallback();
/// Whether this is a buffer of a stream, which is then gone.
bool isGone(WasmBufferType type);
/// Calls proxy_set_effective_context.
WasmResult setEffectiveContext(uint32_t id);

}  // namespace sluice_compat
