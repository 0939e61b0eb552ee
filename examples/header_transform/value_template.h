// Values with placeholders: `{header:name}` and `{property:dotted.path}`; `{{` and `}}` mean braces.
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
  /// Parses the text of `value`. On a mistake logs it and returns false.
  bool parse(json::Value value);

  /// Appends the value to `result`. When a header or property is missing, or the value is not allowed in a header
  /// (which is logged), returns false; `result` may then have a part of the value.
  bool render(const HeaderList& headers, std::string& result) const;

 private:
  enum class Kind : uint8_t { Text, Header, Property, IntegerProperty };
  struct Part {
    Kind kind;
    std::string text;  // a header's name, or a property's path with a NUL between the segments
  };

  bool addPlace(json::Value value, std::string_view place);
  static bool appendProperty(const Part& part, std::string& result);

  std::vector<Part> parts_;
};
