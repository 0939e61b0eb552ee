// Shared data: values by key that all VMs with the same vm_id share, each with a number for compare-and-swap.
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

/// The types that shared data is read and written as: bytes, or an integer of 32 or 64 bits, which lies there as so
/// many bytes, lowest first, on every host and in filters of any SDK.
template <class T>
concept SharedDataType = std::same_as<T, std::string_view> || (std::integral<T> && (sizeof(T) == 4 || sizeof(T) == 8) &&
                                                               !std::same_as<T, wchar_t> && !std::same_as<T, char32_t>);

/// A value, and the number that says which update it is.
template <SharedDataType T = std::string_view>
struct SharedValue {
  T value{};         ///< Bytes are valid until the callback returns.
  uint32_t cas = 0;  ///< For setSharedData(), which then fails when there has been another update since.
};

/// How often updateSharedData() tries unless told otherwise. Each other VM that updates the same key in the meantime
/// costs one attempt.
inline constexpr uint32_t kSharedDataAttempts = 16;

namespace internal {
/// proxy_get_shared_data.
Result<SharedValue<>> getSharedBytes(std::string_view key);
}  // namespace internal

/// The value at `key` and its compare-and-swap number. NotFound when there is none, ResultMismatch when it is not of
/// the type's size. Bytes are valid until the callback returns (proxy_get_shared_data).
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

/// Sets the value at `key` to bytes. With a `cas` that getSharedData() gave: CasMismatch when there has been another
/// update since; with 0: whatever is there (proxy_set_shared_data). Hosts keep values until the last VM of the vm_id is
/// gone, and none can be removed: set what is no longer needed to nothing, and choose keys that are not without end.
inline Status setSharedData(std::string_view key, std::string_view value, uint32_t cas = 0) {
  return abi::proxy_set_shared_data(key.data(), key.size(), value.data(), value.size(), cas);
}
/// The same for an integer, of which the type says how many bytes it has: `setSharedData("hits", uint64_t{1})`.
template <SharedDataType T>
  requires std::integral<T>
Status setSharedData(std::string_view key, T value, uint32_t cas = 0) {
  return setSharedData(key, internal::LittleEndian<T>(value).view(), cas);
}

/// Changes the value at `key` so that no update of another VM is lost: reads it, asks `update` for the new value, and
/// sets that if nobody has set another in the meantime; else begins again, `attempts` times in all. `update` gets a
/// std::optional<T>, without a value where there is none yet; it may be called several times. It returns what to set,
/// or a Result: its error then ends the matter, and is what this returns.
///
///     const auto status = updateSharedData<uint64_t>("hits", [](auto hits) { return hits.value_or(0) + 1; });
///
/// CasMismatch when others were first each time; ResultMismatch when the value is not of the type's size, or when the
/// host gives it the number 0, with which nothing can be compared; any error of the hostcalls
/// (proxy_get_shared_data, proxy_set_shared_data).
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
    // A host that has no value and yet finds a mismatch means 0 by "none".
    absent = present || absent == 0 ? internal::kAbsent : 0;
  }
  return Status::CasMismatch;
}

/// Adds `delta` to the integer at `key` (which counts as 0 while there is none) so that no update of another VM is
/// lost, and gives the sum, modulo 2^32 or 2^64. Errors are updateSharedData()'s.
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
