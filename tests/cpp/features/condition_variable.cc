// Concurrency: `std::condition_variable`, for what holds already
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

#include "../feature.h"

FEATURE(condition_variable, "ready in time") {
  std::mutex mutex;
  std::condition_variable changed;
  std::unique_lock lock(mutex);
  changed.notify_all();
  changed.wait(lock, [] { return true; });
  const bool in_time = changed.wait_for(lock, std::chrono::nanoseconds(1), [] { return true; });
  return std::string("ready ") + (in_time ? "in time" : "too late");
}
