// Fields of JSON replaced by a placeholder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "body_rewrite/body_rewriter.h"

/// Which fields are to be replaced, and by what.
class RedactedFields {
 public:
  static constexpr size_t kMaxPaths = 32;

  /// Replaces members called `name`, wherever they stand.
  void addName(std::string_view name);
  /// Replaces the member that the names of `path` lead to from the outermost object. Arrays on the way, the outermost
  /// one too, are passed through: the path leads into each of their elements. There can be kMaxPaths paths.
  void addPath(std::vector<std::string> path);
  /// The text that takes the values' place, as a JSON string.
  void setPlaceholder(std::string_view text);

  bool empty() const { return names_.empty() && paths_.empty(); }
  size_t names() const { return names_.size(); }
  size_t paths() const { return paths_.size(); }

 private:
  friend class JsonRedactor;
  // For a member called `key`, `depth` names from the outermost object, where the `paths` (a bit each) have led so far:
  // whether it is to be replaced, and in `paths` those that lead on.
  bool match(std::string_view key, size_t depth, uint32_t& paths) const;

  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> paths_;
  size_t longest_ = 0;  // of all names
  std::string placeholder_ = "\"[redacted]\"";
};

/// Replaces values of fields, whatever their type, and lets all else pass byte by byte. A JSON text, or several one
/// after the other. Holds nothing back: whether a value is to be replaced is known where it begins.
///
/// Malformed is whatever could make another parser see other names and values than this one: anything but JSON strings
/// (in UTF-8), literals, numbers and punctuation in their places, and more than kMaxDepth arrays and objects in one
/// another. How the digits, signs and points of a number stand does not matter. A text that ends early is not
/// malformed.
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
    uint32_t paths;  // that have led here
    uint8_t depth;   // how many names
    bool isObject;
  };

  size_t skip(std::string_view text);
  // Takes in one byte; false when it may not stand there.
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
  bool redactNext_ = false;  // the value that comes is to be replaced
  bool redacting_ = false;   // this one is
  uint8_t redactedAt_ = 0;   // how many levels were open where it began
  uint8_t depth_ = 0;        // how many levels are open
  Level value_ = {};         // what the value that comes would be, were it an object
  Level levels_[kMaxDepth];

  bool isName_ = false;         // the string is one
  std::string name_;            // or its beginning, when it is longer than all that matter
  uint32_t unit_ = 0;           // of \u, the digits so far
  uint8_t digits_ = 0;          // how many of them
  uint32_t highSurrogate_ = 0;  // that name_ ends with
  uint8_t continuing_ = 0;      // how many more bytes the character has
  uint8_t lowest_ = 0;          // limits of the next of them
  uint8_t highest_ = 0;
  const char* literal_ = nullptr;  // what is to come of it
};
