// State of the SDK in WebAssembly globals.
#pragma once

namespace sluice::internal {

/// For a static variable of scalar type that starts as zero: in a module it becomes a WebAssembly global. Reaching it
/// takes one instruction of two bytes in place of two of seven, and no stray write to linear memory can change it.
#if defined(__wasm__)
// WebAssembly has no smaller globals; the compiler would quietly read memory in their place.
template <class T>
  requires(sizeof(T) == 4 || sizeof(T) == 8)
using WasmGlobal = T __attribute__((address_space(1)));
#else
template <class T>
using WasmGlobal = T;
#endif

}  // namespace sluice::internal
