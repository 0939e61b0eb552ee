// Errors are values: a hostcall returns a Status, or a Result if it also returns a value.
#pragma once

#include <utility>

#include "sluice/abi.h"
#include "sluice/internal/runtime.h"

namespace sluice {

/// A value, or the Status that says why there is none.
///
///     if (auto path = requestHeaders().get(":path")) use(*path);
///     auto id = requestHeaders().get("x-id").valueOr("none");
template <class T>
class [[nodiscard]] Result {
 public:
  /// A success.
  constexpr Result(T value) : value_(std::move(value)) {}
  /// A failure. Status::Ok, which is not an error, becomes InternalFailure.
  constexpr Result(Status error) : status_(error == Status::Ok ? Status::InternalFailure : error) {}

  /// Whether there is a value.
  /// @{
  [[nodiscard]] constexpr bool ok() const { return status_ == Status::Ok; }
  constexpr explicit operator bool() const { return ok(); }
  /// @}
  /// Status::Ok, or why there is no value.
  constexpr Status status() const { return status_; }

  // Inlined even when compiling for size: after the caller's own ok() the compiler removes the check.
  /// The value. Check ok() first: on a failure this logs a line at Critical and traps.
  /// @{
  [[gnu::always_inline]] constexpr const T& operator*() const {
    require();
    return value_;
  }
  [[gnu::always_inline]] constexpr T& operator*() {
    require();
    return value_;
  }
  [[gnu::always_inline]] constexpr const T* operator->() const { return &**this; }
  [[gnu::always_inline]] constexpr T* operator->() { return &**this; }
  /// @}

  /// The value, or `fallback` on a failure.
  [[nodiscard]] constexpr T valueOr(T fallback) const { return ok() ? value_ : std::move(fallback); }

 private:
  [[gnu::always_inline]] constexpr void require() const {
    if (!ok()) [[unlikely]]
      internal::useOfFailedResult();
  }

  T value_{};
  Status status_ = Status::Ok;
};

}  // namespace sluice
