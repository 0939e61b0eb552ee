// The world outside: `std::getenv`: the plugin's environment variables
// imports WASI
#include <cstdlib>
#include <string>

#include "../feature.h"

FEATURE(getenv, "production") {
  const char* stage = std::getenv("STAGE");
  return stage == nullptr ? "none" : stage;
}
