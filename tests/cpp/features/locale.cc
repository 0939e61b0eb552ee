// Text: `<locale>`: the classic locale
// imports WASI
#include <locale>
#include <string>

#include "../feature.h"

FEATURE(locale, "ABC") {
  std::string text = "abc";
  for (char& c : text) c = std::toupper(c, std::locale::classic());
  return text;
}
