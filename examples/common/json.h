// JSON for a filter's configuration: a document to read values from. For each mistake it logs a line with the position.
//
//   json::Document document;
//   if (!document.parse(configuration())) return false;
//   const auto root = document.root();
//   return root.isObjectOf({"name", "limit"}) && root.require("name", name) && root.read("limit", limit, 1, 100);
//
// RapidJSON parses the text. Among the well-known parsers its SAX reader is by far the smallest in WebAssembly (some 11
// KB; nlohmann-json 40). It needs neither exceptions nor recursion, and it checks UTF-8.
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

/// The maximum size and nesting of a text.
inline constexpr size_t kMaxSize = 65536;
inline constexpr size_t kMaxDepth = 16;

enum class Type : uint8_t { Null, Bool, Number, String, Array, Object };

namespace internal {
struct Node {
  Type type;
  uint32_t parent;        // at the root, the node's own number
  uint32_t index;         // among the parent's children
  uint32_t end;           // the number of the node after this one's last descendant
  std::string_view key;   // in an object
  std::string_view text;  // of a string, a number or a bool
};
}  // namespace internal

class Document;

/// A value in a document, which must outlive it. A function that finds a mistake logs it as "path: what is wrong" and
/// returns false.
class Value {
 public:
  class Iterator;

  Type type() const;
  /// The key of the value in its object.
  std::string_view key() const;
  /// The text of a string; "" for other values.
  std::string_view text() const;
  /// The elements of an array, or the members of an object.
  Iterator begin() const;
  Iterator end() const;
  /// The first member of an object with this key. Logs nothing.
  std::optional<Value> find(std::string_view key) const;

  bool isObject() const { return is(Type::Object, "an object"); }
  bool isArray() const { return is(Type::Array, "an array"); }
  bool isString() const { return is(Type::String, "a string"); }
  /// Whether it is an object whose keys are all among `keys`, each at most once.
  bool isObjectOf(std::initializer_list<std::string_view> keys) const;

  /// Reads a member of an object into `value`, which stays unchanged when there is no such member. False when the
  /// member has another type or exceeds the limits.
  bool read(std::string_view key, std::string_view& value) const;
  bool read(std::string_view key, bool& value) const;
  bool read(std::string_view key, uint32_t& value, uint32_t min, uint32_t max) const;
  /// Reads a required member: false also when it is missing.
  bool require(std::string_view key, std::string_view& value) const;

  /// Logs "path: " and the parts: the second is `detail` in quotation marks, the third is `rest`. Returns false.
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

/// A parsed text. Keeps copies of the parts that it needs.
class Document {
 public:
  Document() = default;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  /// Parses the result of RootContext::configuration(). On a mistake logs "configuration:line:column: what is wrong"
  /// and returns false; also when the configuration could not be read. Call it only once.
  bool parse(const sluice::Result<std::string_view>& configuration);
  /// The outermost value. Only after parse() has returned true.
  Value root() const { return Value(*this, 0); }

 private:
  friend Value;
  class Builder;

  std::vector<internal::Node> nodes_;  // a node is followed by its children
  std::unique_ptr<char[]> strings_;
};

}  // namespace json
