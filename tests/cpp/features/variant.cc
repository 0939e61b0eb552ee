// Utilities: `std::variant`, `std::visit`
#include <string>
#include <variant>

#include "../feature.h"

FEATURE(variant, "text") {
  const std::variant<int, std::string> either = std::string("text");
  struct Name {
    std::string operator()(int) const { return "number"; }
    std::string operator()(const std::string& text) const { return text; }
  };
  return std::visit(Name(), either);
}
