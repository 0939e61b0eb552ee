// Shared data: values by key that all VMs with the same vm_id share. Each value has a number for compare-and-swap
// (CAS).
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "sluice/abi.h"
#include "sluice/internal/hostcalls.h"
#include "sluice/internal/shared_values.h"
#include "sluice/result.h"

namespace sluice {

/// The types of shared data: bytes, or an integer of 32 or 64 bits. An integer is stored as 4 or 8 bytes in
/// little-endian order, so that other hosts, and filters with another SDK, can read it.
template <class T>
concept SharedDataType = std::same_as<T, std::string_view> || (std::integral<T> && (sizeof(T) == 4 || sizeof(T) == 8) &&
                                                               !std::same_as<T, wchar_t> && !std::same_as<T, char32_t>);

/// A value and its CAS number, which changes with each update.
template <SharedDataType T = std::string_view>
struct SharedValue {
  T value{};         ///< Bytes are valid until the callback returns.
  uint32_t cas = 0;  ///< Pass it to setSharedData(), which then fails if the value was updated since.
};

/// The default number of attempts of updateSharedData(). An attempt fails when another VM updates the same key during
/// it.
inline constexpr uint32_t kSharedDataAttempts = 16;

namespace internal {
/// proxy_get_shared_data.
Result<SharedValue<>> getSharedBytes(std::string_view key);
}  // namespace internal

/// The value of `key` and its CAS number. NotFound when there is none, ResultMismatch when the value does not have the
/// type's size. Bytes are valid until the callback returns (proxy_get_shared_data).
///
///     auto greeting = getSharedData("greeting");
///     auto hits = getSharedData<uint64_t>("hits");
template <SharedDataType T = std::string_view>
Result<SharedValue<T>> getSharedData(std::string_view key) {
  const auto bytes = internal::getSharedBytes(key);
  if constexpr (std::is_same_v<T, std::string_view>) {
    return bytes;
  } else {
    if (!bytes) return bytes.status();
    if (bytes->value.size() != sizeof(T)) return Status::ResultMismatch;
    return SharedValue<T>{internal::LittleEndian<T>::read(bytes->value.data()), bytes->cas};
  }
}

/// Sets the value of `key`. With a `cas` from getSharedData(), returns CasMismatch when the value was updated since;
/// with `cas` 0, always sets it (proxy_set_shared_data). A value cannot be removed: hosts keep it until the last VM
/// with the vm_id is gone. Set a value that you no longer need to empty bytes, and use a limited number of keys.
inline Status setSharedData(std::string_view key, std::string_view value, uint32_t cas = 0) {
  return abi::proxy_set_shared_data(key.data(), key.size(), value.data(), value.size(), cas);
}
/// Sets the value of `key` to an integer. The type decides how many bytes are stored: `setSharedData("hits",
/// uint64_t{1})`.
template <SharedDataType T>
  requires std::integral<T>
Status setSharedData(std::string_view key, T value, uint32_t cas = 0) {
  return setSharedData(key, internal::LittleEndian<T>(value).view(), cas);
}

/// Changes the value of `key` without losing an update of another VM. It reads the value, calls `update` for the new
/// value, and sets that if no other VM has changed the value meanwhile; otherwise it starts again, up to `attempts`
/// attempts in all. `update` receives a std::optional<T>, which is empty when the key has no value yet. It may be
/// called several times. It returns the new value, or a Result; an error in the Result ends the update and is returned.
///
///     const auto status = updateSharedData<uint64_t>("hits", [](auto hits) { return hits.value_or(0) + 1; });
///
/// Returns CasMismatch when every attempt failed; ResultMismatch when the value does not have the type's size, or when
/// its CAS number is 0, with which hosts do not compare; other errors of the hostcalls (proxy_get_shared_data,
/// proxy_set_shared_data).
template <SharedDataType T = std::string_view, class Update>
Status updateSharedData(std::string_view key, Update&& update, uint32_t attempts = kSharedDataAttempts) {
  uint32_t absent = internal::kAbsent;
  for (; attempts != 0; --attempts) {
    std::optional<T> present;
    uint32_t cas = absent;
    if (const auto found = getSharedData<T>(key)) {
      present = found->value;
      cas = found->cas;
      if (cas == 0) return Status::ResultMismatch;
    } else if (found.status() != Status::NotFound) {
      return found.status();
    }
    auto next = update(present);
    Status status;
    if constexpr (internal::IsResult<decltype(next)>::value) {
      if (!next) return next.status();
      status = setSharedData(key, T(*next), cas);
    } else {
      status = setSharedData(key, T(next), cas);
    }
    if (status != Status::CasMismatch) return status;
    // The key has no value, and yet the host reported a mismatch: this host expects the CAS number 0 for a new key.
    absent = present || absent == 0 ? internal::kAbsent : 0;
  }
  return Status::CasMismatch;
}

/// Adds `delta` to the integer at `key` without losing an update of another VM. A key without a value counts as 0.
/// Returns the sum, modulo 2^32 or 2^64; errors as for updateSharedData().
///
///     auto hits = addSharedData<uint64_t>("hits", 1);
template <SharedDataType T>
  requires std::integral<T>
Result<T> addSharedData(std::string_view key, std::type_identity_t<T> delta, uint32_t attempts = kSharedDataAttempts) {
  using Unsigned = std::make_unsigned_t<T>;
  T sum = 0;
  const auto add = [&sum, delta](std::optional<T> present) {
    return sum = static_cast<T>(static_cast<Unsigned>(present.value_or(0)) + static_cast<Unsigned>(delta));
  };
  const auto status = updateSharedData<T>(key, add, attempts);
  if (status != Status::Ok) return status;
  return sum;
}

}  // namespace sluice
