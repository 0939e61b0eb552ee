// Reads YAML strictly: every mistake is an error that gives its place and says what would be right.
#pragma once

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::scenario {

/// A node of a YAML document, with its file and a description for errors.
class YamlNode {
 public:
  /// Parses a document; throws ScenarioError for malformed YAML, an empty document and more than one document.
  static YamlNode parse(const std::string& text, std::string file);

  /// Throws ScenarioError with this node's place.
  [[noreturn]] void fail(const std::string& message) const;

  bool isScalar() const { return node_.IsScalar(); }
  bool isSequence() const { return node_.IsSequence(); }
  bool isMapping() const { return node_.IsMap(); }
  bool isNull() const { return node_.IsNull(); }
  /// The node's kind for messages: "a text", "a list" …
  std::string kind() const;
  /// The node's name in the scenario, such as "request".
  const std::string& what() const { return what_; }

  /// The scalar's text as written, whatever its YAML type; fails for other nodes.
  std::string text() const;
  /// The scalar as a number from `least` to `most`; fails otherwise.
  uint64_t number(uint64_t least, uint64_t most) const;
  /// The scalar as a time: a whole number followed by `ms` or `s`; fails otherwise, and for more than ten minutes.
  std::chrono::milliseconds duration() const;
  /// The scalar as true or false; fails otherwise.
  bool boolean() const;
  /// The entries of a list, each described as `itemWhat`; fails for other nodes.
  std::vector<YamlNode> items(std::string_view itemWhat) const;
  /// Keys and values of a mapping, in order; fails for other nodes and for a repeated key.
  std::vector<std::pair<std::string, YamlNode>> entries() const;
  /// Fails when the node is not a mapping or has a key that is not in `known`; the message names the known keys.
  void checkKeys(std::initializer_list<std::string_view> known) const;
  /// The value of `key` in a mapping, or nothing.
  std::optional<YamlNode> find(std::string_view key) const;

  /// The node as JSON text: plain scalars by the YAML core schema, quoted scalars as strings. Keys keep their order.
  std::string toJson() const;

 private:
  YamlNode(YAML::Node node, std::string file, std::string what)
      : node_(std::move(node)), file_(std::move(file)), what_(std::move(what)) {}

  YAML::Node node_;
  std::string file_;
  std::string what_;
};

}  // namespace sluice::scenario
