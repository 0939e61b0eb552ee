// The hostcalls as functions: WebAssembly imports in a filter, ordinary symbols of the mock host in a native test.
#pragma once

#include "sluice/abi.h"

#if defined(__wasm__)
#define SLUICE_INTERNAL_HOSTCALL(first, last, name, params) \
  __attribute__((import_module("env"), import_name(#name))) Status name params;
#else
#define SLUICE_INTERNAL_HOSTCALL(first, last, name, params) Status name params __asm__(#name);
#endif

namespace sluice::abi {
SLUICE_ABI_HOSTCALLS(SLUICE_INTERNAL_HOSTCALL)  // NOLINT(readability-identifier-naming): the spec's names
}  // namespace sluice::abi

#undef SLUICE_INTERNAL_HOSTCALL
