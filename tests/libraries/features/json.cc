// nlohmann-json: reads and writes a document, refuses a broken one
#include <nlohmann/json.hpp>
#include <string>

#include "../../cpp/feature.h"

FEATURE(json, "3 [true,7] broken") {
  const auto document = nlohmann::json::parse(R"({"a": [true, 7], "b": {"c": 3}})", nullptr, false);
  const auto broken = nlohmann::json::parse("{", nullptr, false);
  return std::to_string(document["b"]["c"].get<int>()) + " " + document["a"].dump() +
         (broken.is_discarded() ? " broken" : " not broken");
}
