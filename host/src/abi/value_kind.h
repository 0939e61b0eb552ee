// The WebAssembly value types that the ABI uses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::host {

/// The type of a WebAssembly value.
enum class ValueKind : uint8_t { I32, I64, F32, F64, Other };

/// A function's parameters and results.
struct Signature {
  std::vector<ValueKind> params;
  std::vector<ValueKind> results;

  bool operator==(const Signature& other) const { return params == other.params && results == other.results; }
};

/// The signature as messages show it: "(i32, i64) -> i32".
std::string toString(const Signature& signature);

}  // namespace sluice::host
