// Language: static local variables that are initialized at first use
#include <string>

#include "../feature.h"

FEATURE(static_local, "made") {
  static const std::string text = std::string("ma") + "de";
  return text;
}
