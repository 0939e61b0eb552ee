// Puts state of the SDK into WebAssembly globals.
#pragma once

namespace sluice::internal {

/// The type of a static variable that starts as zero: in a module it becomes a WebAssembly global. An access takes one
/// instruction of two bytes instead of two instructions with seven bytes together, and a stray write to linear memory
/// cannot change it.
#if defined(__wasm__)
// WebAssembly has no smaller globals; the compiler would silently access memory instead.
template <class T>
  requires(sizeof(T) == 4 || sizeof(T) == 8)
using WasmGlobal = T __attribute__((address_space(1)));
#else
template <class T>
using WasmGlobal = T;
#endif

}  // namespace sluice::internal
