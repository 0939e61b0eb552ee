// Makes callbacks exports of the module.
#pragma once

#include <type_traits>

#include "sluice/abi.h"
#include "sluice/native_export.h"

namespace sluice::internal {

// An object of type Export_<callback><&function> makes the module export the callback: its function `call` is the
// export. A host skips callbacks that a module does not export, so it calls a filter only for callbacks that the filter
// overrides.
#if defined(__wasm__)

#define SLUICE_INTERNAL_EXPORT(first, last, name, result, params)                                   \
  template <auto kFunction, class = std::remove_pointer_t<decltype(kFunction)>>                     \
  struct Export_##name;                                                                             \
  template <auto kFunction, class R, class... Args>                                                 \
  struct Export_##name<kFunction, R(Args...)> {                                                     \
    static_assert(std::is_same_v<R(Args...), abi::type::name>);                                     \
    __attribute__((export_name(#name))) static R call(Args... args) { return kFunction(args...); }  \
    /* Naming `call` instantiates it, and an instantiated export is kept by compiler and linker. */ \
    Export_##name() { static_cast<void>(&call); }                                                   \
  };

#else

/// Adds to the list of callbacks of a native filter.
void addNativeExport(abi::NativeExport& entry);

#define SLUICE_INTERNAL_EXPORT(first, last, name, result, params)                                   \
  template <auto kFunction>                                                                         \
  struct Export_##name {                                                                            \
    static_assert(std::is_same_v<std::remove_pointer_t<decltype(kFunction)>, abi::type::name>);     \
    static inline abi::NativeExport entry{#name, reinterpret_cast<void (*)()>(kFunction), nullptr}; \
    Export_##name() { addNativeExport(entry); }                                                     \
  };

#endif

SLUICE_ABI_CALLBACKS(SLUICE_INTERNAL_EXPORT)
#undef SLUICE_INTERNAL_EXPORT

}  // namespace sluice::internal
