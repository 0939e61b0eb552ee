// Reads YAML strictly: every mistake is an error that gives its place and says what would be right.
#pragma once

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::scenario {

/// The bounds of a scenario's YAML: bytes in the file, nested nodes, nodes once aliases are replaced by what they stand
/// for, and bytes of text including what `repeat` makes.
inline constexpr uint64_t kMaxYamlSize = 1U << 20U;
inline constexpr size_t kMaxYamlDepth = 100;
inline constexpr size_t kMaxYamlNodes = 200'000;
inline constexpr uint64_t kMaxTextSize = 64U << 20U;

/// A node of a YAML document, with its file and a description for errors.
class YamlNode {
 public:
  /// Parses a document; throws ScenarioError for malformed YAML, an empty document, more than one document, and a
  /// document that is too large: see kMaxYamlSize.
  static YamlNode parse(const std::string& text, std::string file);

  /// Throws ScenarioError with this node's place.
  [[noreturn]] void fail(const std::string& message) const;

  bool isScalar() const { return node_.IsScalar(); }
  bool isSequence() const { return node_.IsSequence(); }
  bool isMapping() const { return node_.IsMap(); }
  bool isNull() const { return node_.IsNull(); }
  /// The line in the file, from 1; 0 when it is not known.
  [[nodiscard]] size_t line() const;
  /// Fails when `bytes` more make more text than a scenario may hold; `repeat` makes much text from little YAML.
  void reserveText(uint64_t bytes) const;

  /// The node's kind for messages: "a text", "a list" …
  std::string kind() const;
  /// The node's name in the scenario, such as "request".
  const std::string& what() const { return what_; }

  /// The scalar's text as written, whatever its YAML type; fails for other nodes.
  std::string text() const;
  /// The scalar as a number from `least` to `most`; fails otherwise, and for a quoted one.
  uint64_t number(uint64_t least, uint64_t most) const;
  /// The scalar as a time: a whole number followed by `ms` or `s`; fails otherwise, and for more than ten minutes.
  std::chrono::milliseconds duration() const;
  /// Whether it is a scalar that YAML reads as a number.
  [[nodiscard]] bool isNumber() const;
  /// The scalar as true or false; fails otherwise, and for a quoted one.
  bool boolean() const;
  /// The entries of a list, each described as `itemWhat`; fails for other nodes.
  std::vector<YamlNode> items(std::string_view itemWhat) const;
  /// Keys and values of a mapping, in order; fails for other nodes and for a repeated key.
  std::vector<std::pair<std::string, YamlNode>> entries() const;
  /// Fails when the node is not a mapping or has a key that is not in `known`; the message names the known keys, and
  /// the one that is nearest.
  void checkKeys(std::span<const std::string_view> known) const;
  void checkKeys(std::initializer_list<std::string_view> known) const {
    checkKeys(std::span(known.begin(), known.size()));
  }
  /// The value of `key` in a mapping, or nothing.
  std::optional<YamlNode> find(std::string_view key) const;

  /// The node as JSON text: plain scalars by the YAML core schema, quoted scalars as strings. Keys keep their order.
  std::string toJson() const;

 private:
  // What all nodes of a document share.
  struct Document {
    std::string file;
    uint64_t textLeft;  // See reserveText().
  };
  YamlNode(YAML::Node node, std::shared_ptr<Document> document, std::string what)
      : node_(std::move(node)), document_(std::move(document)), what_(std::move(what)) {}

  // The value for messages about a wrong one.
  [[nodiscard]] std::string written() const;

  YAML::Node node_;
  std::shared_ptr<Document> document_;
  std::string what_;
};

}  // namespace sluice::scenario
