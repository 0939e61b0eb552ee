// Utilities: `<concepts>`, `requires`
#include <concepts>
#include <string>

#include "../feature.h"

FEATURE(concepts, "number") {
  const auto kindOf = []<class T>(T) {
    if constexpr (std::integral<T>) return std::string("number");
    return std::string("other");
  };
  return kindOf(3);
}
