// WebAssembly's value types, as far as the ABI uses them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::host {

/// The types that the ABI passes, as WebAssembly has them.
enum class ValueKind : uint8_t { I32, I64, F32, F64, Other };

/// A function's parameters and results.
struct Signature {
  std::vector<ValueKind> params;
  std::vector<ValueKind> results;

  bool operator==(const Signature& other) const { return params == other.params && results == other.results; }
};

/// "(i32, i64) -> i32", as messages show a signature.
std::string toString(const Signature& signature);

}  // namespace sluice::host
