// The world outside: `std::atexit`: never called, as a host drops a VM
#include <cstdlib>
#include <string>

#include "../feature.h"

FEATURE(atexit, "0") {
  return std::to_string(std::atexit([] {}));
}
