// Concurrency: `std::mutex`, `std::lock_guard`, `std::unique_lock`, `std::scoped_lock`
#include <mutex>
#include <string>

#include "../feature.h"

FEATURE(mutex, "locked free") {
  std::mutex first;
  std::recursive_mutex second;
  std::string result;
  {
    const std::scoped_lock both(first, second);
    const std::lock_guard again(second);
    result = first.try_lock() ? "not locked" : "locked";
  }
  const std::unique_lock lock(first, std::try_to_lock);
  return result + (lock ? " free" : " still locked");
}
