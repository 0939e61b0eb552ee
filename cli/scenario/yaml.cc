#include "scenario/yaml.h"

#include <algorithm>
#include <boost/regex.hpp>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "scenario/nearest.h"
#include "scenario/scenario.h"

namespace sluice::scenario {
namespace {

using Json = nlohmann::ordered_json;

std::string place(const std::string& file, const YAML::Mark& mark) {
  if (mark.is_null()) return file + ": ";
  return file + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1) + ": ";
}

// A plain scalar's value in the YAML 1.2 core schema, for values that JSON can represent.
Json plainScalarToJson(const std::string& text) {
  static const boost::regex kInteger("[-+]?[0-9]+");
  static const boost::regex kFloat(R"([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)");
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  const char* begin = text.data() + (text.front() == '+' ? 1 : 0);
  const char* end = text.data() + text.size();
  if (boost::regex_match(text, kInteger)) {
    int64_t value = 0;
    if (std::from_chars(begin, end, value).ec == std::errc()) return value;
    uint64_t large = 0;
    if (std::from_chars(begin, end, large).ec == std::errc()) return large;
  }
  if (boost::regex_match(text, kFloat)) {
    double value = 0;
    if (std::from_chars(begin, end, value).ec == std::errc()) return value;
  }
  return text;
}

Json toJsonValue(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      return node.Tag() == "?" ? plainScalarToJson(node.Scalar()) : Json(node.Scalar());
    case YAML::NodeType::Sequence: {
      Json list = Json::array();
      for (const auto& item : node) list.push_back(toJsonValue(item));
      return list;
    }
    case YAML::NodeType::Map: {
      Json mapping = Json::object();
      for (const auto& entry : node) mapping[entry.first.Scalar()] = toJsonValue(entry.second);
      return mapping;
    }
    default:
      return nullptr;
  }
}

// Counts the nodes and the text of a document, with each alias as what it stands for.
class Measure {
 public:
  explicit Measure(const std::string& file) : file_(file) {}

  void add(const YAML::Node& node, size_t depth = 1) {
    if (depth > kMaxYamlDepth) fail(node, "nodes are nested more than " + std::to_string(kMaxYamlDepth) + " deep");
    if (++nodes_ > kMaxYamlNodes) fail(node, "there are more than " + std::to_string(kMaxYamlNodes) + " nodes");
    if (node.IsScalar()) text_ += node.Scalar().size();
    if (text_ > kMaxTextSize) fail(node, "there are more than " + std::to_string(kMaxTextSize) + " bytes of text");
    if (node.IsSequence()) {
      for (const auto& item : node) add(item, depth + 1);
    } else if (node.IsMap()) {
      for (const auto& entry : node) {
        add(entry.first, depth + 1);
        add(entry.second, depth + 1);
      }
    }
  }

 private:
  [[noreturn]] void fail(const YAML::Node& node, const std::string& what) const {
    throw ScenarioError(place(file_, node.Mark()) + "the scenario is too large: " + what +
                        ", counting an alias as what it stands for");
  }

  const std::string& file_;
  size_t nodes_ = 0;
  uint64_t text_ = 0;
};

}  // namespace

YamlNode YamlNode::parse(const std::string& text, std::string file) {
  if (text.size() > kMaxYamlSize) {
    throw ScenarioError(file + ": the scenario is larger than " + std::to_string(kMaxYamlSize) +
                        " bytes; write large texts with 'repeat'");
  }
  std::vector<YAML::Node> documents;
  try {
    documents = YAML::LoadAll(text);
  } catch (const YAML::Exception& error) {
    throw ScenarioError(place(file, error.mark) + "not valid YAML: " + error.msg);
  }
  if (documents.empty() || documents.front().IsNull()) throw ScenarioError(file + ": the file is empty");
  if (documents.size() > 1) {
    throw ScenarioError(place(file, documents[1].Mark()) + "a second YAML document; a scenario file holds one");
  }
  Measure(file).add(documents.front());
  const auto document = std::make_shared<Document>(Document{std::move(file), kMaxTextSize});
  return {documents.front(), document, "scenario"};
}

void YamlNode::fail(const std::string& message) const {
  throw ScenarioError(place(document_->file, node_.Mark()) + message);
}

size_t YamlNode::line() const { return node_.Mark().is_null() ? 0 : static_cast<size_t>(node_.Mark().line) + 1; }

void YamlNode::reserveText(uint64_t bytes) const {
  if (bytes > document_->textLeft) {
    fail("the scenario's texts are larger than " + std::to_string(kMaxTextSize) + " bytes together");
  }
  document_->textLeft -= bytes;
}

std::string YamlNode::kind() const {
  switch (node_.Type()) {
    case YAML::NodeType::Scalar:
      return "a text";
    case YAML::NodeType::Sequence:
      return "a list";
    case YAML::NodeType::Map:
      return "a mapping";
    default:
      return "nothing";
  }
}

std::string YamlNode::written() const {
  if (!isScalar()) return kind();
  return (node_.Tag() == "?" ? "'" + node_.Scalar() + "'" : "the text \"" + node_.Scalar() + "\"");
}

std::string YamlNode::text() const {
  if (!isScalar()) fail("'" + what_ + "' must be a text, not " + kind());
  return node_.Scalar();
}

uint64_t YamlNode::number(uint64_t least, uint64_t most) const {
  // A quoted number is a text, for editors too.
  const Json value = isScalar() ? toJsonValue(node_) : Json();
  const bool isNumber = value.is_number_integer() && (value.is_number_unsigned() || value.get<int64_t>() >= 0);
  if (!isNumber || value.get<uint64_t>() < least || value.get<uint64_t>() > most) {
    fail("'" + what_ + "' must be a number from " + std::to_string(least) + " to " + std::to_string(most) + ", not " +
         written());
  }
  return value.get<uint64_t>();
}

std::chrono::milliseconds YamlNode::duration() const {
  constexpr std::chrono::milliseconds kLongest = std::chrono::minutes(10);
  const std::string word = isScalar() ? node_.Scalar() : "";
  const char* end = word.data() + word.size();
  uint32_t count = 0;
  const auto [stop, error] = std::from_chars(word.data(), end, count);
  const std::string_view unit(stop, static_cast<size_t>(end - stop));
  const auto time = std::chrono::milliseconds(unit == "s" ? uint64_t{count} * 1000 : count);
  if (error != std::errc() || (unit != "s" && unit != "ms") || time > kLongest) {
    fail("'" + what_ + "' must be a time of at most ten minutes, such as 20ms or 2s, not " + written());
  }
  return time;
}

bool YamlNode::isNumber() const { return isScalar() && toJsonValue(node_).is_number(); }

bool YamlNode::boolean() const {
  const Json value = isScalar() ? toJsonValue(node_) : Json();
  if (!value.is_boolean()) fail("'" + what_ + "' must be true or false, not " + written());
  return value.get<bool>();
}

std::vector<YamlNode> YamlNode::items(std::string_view itemWhat) const {
  if (!isSequence()) fail("'" + what_ + "' must be a list, not " + kind());
  std::vector<YamlNode> result;
  for (const auto& item : node_) result.push_back({item, document_, std::string(itemWhat)});
  return result;
}

std::vector<std::pair<std::string, YamlNode>> YamlNode::entries() const {
  if (!isMapping()) fail("'" + what_ + "' must be a mapping, not " + kind());
  std::vector<std::pair<std::string, YamlNode>> result;
  std::set<std::string> seen;
  for (const auto& entry : node_) {
    const YamlNode key(entry.first, document_, "a key of " + what_);
    const std::string name = key.text();
    if (!seen.insert(name).second) {
      key.fail("'" + name + "' stands twice in '" + what_ + "'; give several values as a list: " + name + ": [a, b]");
    }
    result.emplace_back(name, YamlNode(entry.second, document_, name));
  }
  return result;
}

void YamlNode::checkKeys(std::span<const std::string_view> known) const {
  for (const auto& [name, value] : entries()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const YAML::Node& mapping = node_;
    for (const auto& entry : mapping) {
      if (entry.first.Scalar() != name) continue;
      YamlNode(entry.first, document_, name)
          .fail("unknown key '" + name + "' in '" + what_ + "'" + didYouMean(name, known) +
                "; known keys: " + listed(known));
    }
  }
}

std::optional<YamlNode> YamlNode::find(std::string_view key) const {
  for (auto& [name, value] : entries()) {
    if (name == key) return value;
  }
  return std::nullopt;
}

std::string YamlNode::toJson() const {
  try {
    return toJsonValue(node_).dump();
  } catch (const Json::exception& error) {
    fail("'" + what_ + "' cannot be written as JSON: " + error.what());
  }
}

}  // namespace sluice::scenario
