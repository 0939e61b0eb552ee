// Language: `thread_local` variables
#include <string>

#include "../feature.h"

FEATURE(thread_local, "2") {
  thread_local int calls = 1;
  ++calls;
  return std::to_string(calls);
}
