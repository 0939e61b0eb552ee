// What stops a filter: `assert`
#undef NDEBUG
#include <cassert>
#include <string>

#include "../feature.h"

FEATURE_ENDS(assert, "features/assert.cc:") {
  const volatile int one = 1;
  assert(one == 2);
  return "went on";
}
