// Text: `std::wstring`, `std::u16string`, `std::u32string`
#include <string>

#include "../feature.h"

FEATURE(wide_strings, "3 2 1") {
  return std::to_string(std::wstring(L"abc").size()) + " " + std::to_string(std::u16string(u"ab").size()) + " " +
         std::to_string(std::u32string(U"a").size());
}
