// Concurrency: `std::once_flag`, `std::call_once`
#include <mutex>
#include <string>

#include "../feature.h"

FEATURE(call_once, "1") {
  std::once_flag once;
  int calls = 0;
  for (int i = 0; i < 3; ++i) std::call_once(once, [&calls] { ++calls; });
  return std::to_string(calls);
}
