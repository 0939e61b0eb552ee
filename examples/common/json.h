// JSON for a filter's configuration: a document to walk through, and for each mistake a log line that says where it is.
//
//   json::Document document;
//   if (!document.parse(configuration())) return false;
//   const auto root = document.root();
//   return root.isObjectOf({"name", "limit"}) && root.require("name", name) && root.read("limit", limit, 1, 100);
//
// RapidJSON reads the text: of the well-known parsers its SAX reader is the smallest in WebAssembly by far (some 11 KB,
// nlohmann-json 40), it needs neither exceptions nor recursion, and it checks UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/result.h"

namespace json {

/// The longest text, and the deepest nesting, that is read.
inline constexpr size_t kMaxSize = 65536;
inline constexpr size_t kMaxDepth = 16;

enum class Type : uint8_t { Null, Bool, Number, String, Array, Object };

namespace internal {
struct Node {
  Type type;
  uint32_t parent;        // its own number at the root
  uint32_t index;         // among the parent's children
  uint32_t end;           // the number of the node after this one's last descendant
  std::string_view key;   // in an object
  std::string_view text;  // of a string, a number or a bool
};
}  // namespace internal

class Document;

/// A value in a document, which must outlive it. What finds a mistake logs it, as "path: what is wrong", and gives
/// false.
class Value {
 public:
  class Iterator;

  Type type() const;
  /// The key under which the value stands in its object.
  std::string_view key() const;
  /// A string's text, or "".
  std::string_view text() const;
  /// An array's elements, or an object's members.
  Iterator begin() const;
  Iterator end() const;
  /// An object's first member called `key`. Logs nothing.
  std::optional<Value> find(std::string_view key) const;

  bool isObject() const { return is(Type::Object, "an object"); }
  bool isArray() const { return is(Type::Array, "an array"); }
  bool isString() const { return is(Type::String, "a string"); }
  /// Whether it is an object whose keys are all among `keys`, each at most once.
  bool isObjectOf(std::initializer_list<std::string_view> keys) const;

  /// Reads an object's member into `value`, which stays as it is when there is no such member. False when it is of
  /// another type or not within the limits.
  bool read(std::string_view key, std::string_view& value) const;
  bool read(std::string_view key, bool& value) const;
  bool read(std::string_view key, uint32_t& value, uint32_t min, uint32_t max) const;
  /// The same for a member that must be there.
  bool require(std::string_view key, std::string_view& value) const;

  /// Logs "path: " and the parts, of which the second and third are `detail` in quotation marks and `rest`. Gives
  /// false.
  bool fail(std::string_view what) const;
  bool fail(std::string_view what, std::string_view detail, std::string_view rest = {}) const;

 private:
  friend Document;
  Value(const Document& document, uint32_t number) : document_(&document), number_(number) {}
  const internal::Node& node() const;
  bool is(Type type, std::string_view name) const;
  void appendPath(std::string& path) const;
  std::string path() const;

  const Document* document_;
  uint32_t number_;
};

class Value::Iterator {
 public:
  Value operator*() const { return value_; }
  Iterator& operator++() {
    value_.number_ = value_.node().end;
    return *this;
  }
  bool operator==(const Iterator& other) const { return value_.number_ == other.value_.number_; }

 private:
  friend Value;
  explicit Iterator(Value value) : value_(value) {}
  Value value_;
};

/// A parsed text. Keeps a copy of what it needs of it.
class Document {
 public:
  Document() = default;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  /// Parses what RootContext::configuration() gives. On a mistake logs "configuration:line:column: what is wrong", and
  /// gives false; so too when it could not be read. To be called once.
  bool parse(const sluice::Result<std::string_view>& configuration);
  /// The outermost value; only once parse() has given true.
  Value root() const { return Value(*this, 0); }

 private:
  friend Value;
  class Builder;

  std::vector<internal::Node> nodes_;  // a node's children follow it
  std::unique_ptr<char[]> strings_;
};

}  // namespace json
