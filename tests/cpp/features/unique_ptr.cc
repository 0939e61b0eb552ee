// Utilities: `std::unique_ptr`
#include <memory>
#include <string>

#include "../feature.h"

FEATURE(unique_ptr, "7") {
  const auto owned = std::make_unique<int>(7);
  return std::to_string(*owned);
}
