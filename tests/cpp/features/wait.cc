// What stops a filter: waiting for a `std::condition_variable` that nobody can notify
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

#include "../feature.h"

FEATURE_ENDS(wait, "would wait for ever: a filter has one thread") {
  std::mutex mutex;
  std::condition_variable changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, std::chrono::seconds(1));
  return "went on";
}
