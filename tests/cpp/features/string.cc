// Text: `std::string`: find, replace, compare
#include <string>

#include "../feature.h"

FEATURE(string, "he11o 1") {
  std::string text = "hello";
  text.replace(text.find("ll"), 2, "11");
  return text + " " + std::to_string(text < "help");
}
