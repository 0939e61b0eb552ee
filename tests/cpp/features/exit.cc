// What stops a filter: `std::exit`
#include <cstdlib>
#include <string>

#include "../feature.h"

FEATURE_ENDS(exit, "exit() was called") {
  const volatile bool yes = true;
  if (yes) std::exit(0);
  return "went on";
}
