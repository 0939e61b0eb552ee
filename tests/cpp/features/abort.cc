// What stops a filter: `std::abort`
#include <cstdlib>
#include <string>

#include "../feature.h"

FEATURE_ENDS(abort, "abort() was called") {
  const volatile bool yes = true;
  if (yes) std::abort();
  return "went on";
}
