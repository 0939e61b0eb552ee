// Text: `std::string_view`: substr, starts_with
#include <string>
#include <string_view>

#include "../feature.h"

FEATURE(string_view, "tail 1") {
  constexpr std::string_view kText = "head:tail";
  return std::string(kText.substr(5)) + (kText.starts_with("head") ? " 1" : " 0");
}
