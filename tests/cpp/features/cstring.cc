// Text: `<cstring>`: strstr, strchr, memmove
#include <cstring>
#include <string>

#include "../feature.h"

FEATURE(cstring, "world 4") {
  const char* text = "hello world";
  return std::string(std::strstr(text, "wor")) + " " + std::to_string(std::strchr(text, 'o') - text);
}
