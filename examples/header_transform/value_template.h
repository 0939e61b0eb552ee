// Values with places to be filled in: `{header:name}` and `{property:dotted.path}`; `{{` and `}}` stand for braces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/json.h"
#include "header_transform/header_list.h"

/// A parsed template.
class ValueTemplate {
 public:
  /// Parses the text of `value`. On a mistake logs it, and gives false.
  bool parse(json::Value value);

  /// Appends the value to `result`. False, and only part of the value, when a header or property is not there now, or
  /// when the value could not stand in a header; the latter is logged.
  bool render(const HeaderList& headers, std::string& result) const;

 private:
  enum class Kind : uint8_t { Text, Header, Property, IntegerProperty };
  struct Part {
    Kind kind;
    std::string text;  // a header's name; a property's path, with a NUL between the segments
  };

  bool addPlace(json::Value value, std::string_view place);
  static bool appendProperty(const Part& part, std::string& result);

  std::vector<Part> parts_;
};
