// What stops a filter: locking a `std::mutex` twice, which elsewhere would wait for ever
#include <mutex>
#include <string>

#include "../feature.h"

FEATURE_ENDS(deadlock, "would wait for ever: a filter has one thread") {
  std::mutex mutex;
  mutex.lock();
  mutex.lock();
  mutex.unlock();
  return "went on";
}
