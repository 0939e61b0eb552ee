// Utilities: `std::shared_ptr`, `std::weak_ptr`
#include <memory>
#include <string>

#include "../feature.h"

FEATURE(shared_ptr, "2 1") {
  auto shared = std::make_shared<int>(7);
  const std::weak_ptr<int> weak = shared;
  const auto other = weak.lock();
  const auto count = shared.use_count();
  shared.reset();
  return std::to_string(count) + " " + std::to_string(other.use_count());
}
