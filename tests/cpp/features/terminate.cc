// What stops a filter: `std::terminate`
#include <exception>
#include <string>

#include "../feature.h"

FEATURE_ENDS(terminate, "terminat|abort() was called") {
  const volatile bool yes = true;
  if (yes) std::terminate();
  return "went on";
}
