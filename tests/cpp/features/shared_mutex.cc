// Concurrency: `std::shared_mutex`, `std::shared_lock`
#include <shared_mutex>
#include <string>

#include "../feature.h"

FEATURE(shared_mutex, "shared exclusive") {
  std::shared_mutex mutex;
  std::string result;
  {
    const std::shared_lock reader(mutex);
    const std::shared_lock another(mutex);
    result = mutex.try_lock() ? "not shared" : "shared";
  }
  return result + (mutex.try_lock() ? " exclusive" : " still shared");
}
