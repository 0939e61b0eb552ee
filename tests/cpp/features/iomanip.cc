// Text: `<iomanip>`: width, fill, precision
// imports WASI
#include <iomanip>
#include <sstream>
#include <string>

#include "../feature.h"

FEATURE(iomanip, "00ff|3.14") {
  std::ostringstream out;
  out << std::hex << std::setw(4) << std::setfill('0') << 255 << '|' << std::fixed << std::setprecision(2) << 3.14159;
  return out.str();
}
