// Concurrency: `std::this_thread::get_id`, `std::this_thread::yield`
#include <string>
#include <thread>

#include "../feature.h"

FEATURE(this_thread, "the same") {
  const auto id = std::this_thread::get_id();
  std::this_thread::yield();
  return id == std::this_thread::get_id() && id != std::thread::id() ? "the same" : "another";
}
