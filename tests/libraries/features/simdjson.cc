// simdjson: reads a document, refuses a broken one
#include <simdjson.h>

#include <string>
#include <string_view>

#include "../../cpp/feature.h"

FEATURE(simdjson, "true 42 name broken") {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  const std::string text = R"({"ok": true, "list": [1, 42], "text": "name"})";
  if (parser.parse(text).get(document) != simdjson::SUCCESS) return "not read";
  const bool ok = document["ok"].get_bool().value_unsafe();
  const int64_t number = document["list"].at(1).get_int64().value_unsafe();
  const std::string_view name = document["text"].get_string().value_unsafe();
  std::string result = std::string(ok ? "true " : "false ") + std::to_string(number) + " " + std::string(name);
  const std::string half = R"({"ok": tr)";
  return result + (parser.parse(half).get(document) != simdjson::SUCCESS ? " broken" : " not broken");
}
