// Text: `<sstream>`: reading
// imports WASI
#include <sstream>
#include <string>

#include "../feature.h"

FEATURE(istringstream, "3 words") {
  std::istringstream in("one two three");
  int words = 0;
  for (std::string word; in >> word;) ++words;
  return std::to_string(words) + " words";
}
