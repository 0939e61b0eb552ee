// Replaces fields of JSON with a placeholder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "body_rewrite/body_rewriter.h"

/// The fields to replace, and the placeholder.
class RedactedFields {
 public:
  static constexpr size_t kMaxPaths = 32;

  /// Adds a name: members with this name are replaced at any depth.
  void addName(std::string_view name);
  /// Adds a path: the names that lead from the outermost object to the member to replace. If there is an array on the
  /// way, also at the top, the path applies to each of its elements. At most kMaxPaths paths.
  void addPath(std::vector<std::string> path);
  /// Sets the text that replaces the values; it is written as a JSON string.
  void setPlaceholder(std::string_view text);

  bool empty() const { return names_.empty() && paths_.empty(); }
  size_t names() const { return names_.size(); }
  size_t paths() const { return paths_.size(); }

 private:
  friend class JsonRedactor;
  // Whether to replace the member `key` at `depth` names from the outermost object. `paths` has a bit for each path
  // that matches the names so far; afterwards it has those that also match `key` and continue.
  bool match(std::string_view key, size_t depth, uint32_t& paths) const;

  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> paths_;
  size_t longest_ = 0;  // of all names
  std::string placeholder_ = "\"[redacted]\"";
};

/// Replaces values of fields, of any type, and passes all other bytes unchanged. The body is one JSON text or several
/// in a row. It holds no bytes back, because it knows at the beginning of a value whether to replace it.
///
/// A body is malformed if another parser could see other names and values in it: if it has anything but JSON strings
/// (in UTF-8), literals, numbers and punctuation in their places, or more than kMaxDepth nested arrays and objects. The
/// order of digits, signs and points in a number is not checked. A text that ends early is not malformed.
class JsonRedactor : public BodyRewriter {
 public:
  static constexpr size_t kMaxDepth = 64;

  /// `fields` must outlive the object.
  explicit JsonRedactor(const RedactedFields& fields) : fields_(fields) {}

  Rewritten next(std::string_view piece, bool last, std::string& out) override;

 private:
  enum class State : uint8_t {
    Value,       // a value must come
    FirstValue,  // or the end of the array
    Name,        // a name must come
    FirstName,   // or the end of the object
    Colon,
    AfterValue,  // a comma, or the end of the array or object
    String,
    Escape,  // after a backslash
    Hex,     // after \u
    Literal,
    Number,
  };
  struct Level {
    uint32_t paths;  // that match the names down to this level
    uint8_t depth;   // the number of names on the way
    bool isObject;
  };

  size_t skip(std::string_view text);
  // Processes one byte; false if it is not allowed at this place.
  bool read(unsigned char byte);
  bool readString(unsigned char byte);
  bool readEscape(unsigned char byte);
  bool readHex(unsigned char byte);
  bool readUtf8(unsigned char byte);

  bool beginValue(unsigned char byte);
  void endValue();
  bool open(bool isObject);
  bool close(unsigned char byte);
  void beginString(bool isName);
  void endString();
  void addToName(std::string_view text);
  void addCodeUnit(uint32_t unit);

  const RedactedFields& fields_;
  State state_ = State::Value;
  bool redactNext_ = false;  // the next value must be replaced
  bool redacting_ = false;   // the current value is being replaced
  uint8_t redactedAt_ = 0;   // the number of open levels at its beginning
  uint8_t depth_ = 0;        // the number of open levels
  Level value_ = {};         // the level of the next value if it is an object or array
  Level levels_[kMaxDepth];

  bool isName_ = false;         // the current string is a name
  std::string name_;            // or its beginning, if it is longer than all names to redact
  uint32_t unit_ = 0;           // the value of the digits after \u so far
  uint8_t digits_ = 0;          // the number of these digits
  uint32_t highSurrogate_ = 0;  // at the end of name_
  uint8_t continuing_ = 0;      // the number of bytes that are missing of the character
  uint8_t lowest_ = 0;          // the limits of the next of these bytes
  uint8_t highest_ = 0;
  const char* literal_ = nullptr;  // the rest of it
};
