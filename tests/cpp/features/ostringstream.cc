// Text: `<sstream>`: writing
// imports WASI
#include <sstream>
#include <string>

#include "../feature.h"

FEATURE(ostringstream, "12 2.5") {
  std::ostringstream out;
  out << 12 << ' ' << 2.5;
  return out.str();
}
