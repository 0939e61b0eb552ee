// The ABI's function tables with the types of a WebAssembly module, and the lists that the host derives from them.
//
// On the build machine size_t and uint64_t are the same type, so the parameter types cannot distinguish a length from a
// 64-bit number. This header expands the tables again with a `size_t` that is a distinct type.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "abi/value_kind.h"
#include "sluice/abi.h"

namespace sluice::host {

namespace abi32 {

enum class Size : uint32_t {};

namespace type {
using size_t = Size;
#define SLUICE_ABI32_HOSTCALL(first, last, name, params) using name = Status params;
#define SLUICE_ABI32_CALLBACK(first, last, name, result, params) using name = result params;
SLUICE_ABI_HOSTCALLS(SLUICE_ABI32_HOSTCALL)
SLUICE_ABI_CALLBACKS(SLUICE_ABI32_CALLBACK)
#undef SLUICE_ABI32_HOSTCALL
#undef SLUICE_ABI32_CALLBACK
}  // namespace type

/// The WebAssembly type of a parameter: i64 for 64-bit integers; i32 for enums, lengths, ids and pointers.
template <class T>
constexpr ValueKind kindOf() {
  if constexpr (std::is_integral_v<T> && sizeof(T) == 8) {
    return ValueKind::I64;
  } else {
    return ValueKind::I32;
  }
}

template <class Function>
struct SignatureOf;
template <class Result, class... Params>
struct SignatureOf<Result(Params...)> {
  static Signature get() {
    Signature signature{{kindOf<Params>()...}, {}};
    if constexpr (!std::is_void_v<Result>) signature.results.push_back(kindOf<Result>());
    return signature;
  }
};

}  // namespace abi32

/// Every hostcall of the ABI, by its name.
enum class Hostcall : uint16_t {
#define SLUICE_HOSTCALL_ENUMERATOR(first, last, name, params) name,
  SLUICE_ABI_HOSTCALLS(SLUICE_HOSTCALL_ENUMERATOR)
#undef SLUICE_HOSTCALL_ENUMERATOR
};

/// A row of the hostcall table.
struct HostcallInfo {
  std::string_view name;
  int first;  ///< The first ABI version that has it: 10, 20 or 21.
  int last;   ///< The last ABI version that has it.
};

/// All hostcalls, indexed by Hostcall.
inline constexpr auto kHostcalls = std::to_array<HostcallInfo>({
#define SLUICE_HOSTCALL_ROW(first, last, name, params) {#name, first, last},
    SLUICE_ABI_HOSTCALLS(SLUICE_HOSTCALL_ROW)
#undef SLUICE_HOSTCALL_ROW
});

constexpr std::string_view nameOf(Hostcall hostcall) { return kHostcalls[static_cast<size_t>(hostcall)].name; }

/// "0.2.1" for 21.
std::string_view abiVersionName(int version);

}  // namespace sluice::host
