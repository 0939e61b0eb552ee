#include "scenario/read_text.h"

#include <yaml-cpp/binary.h>

namespace sluice::scenario {
namespace {

std::string decodeBase64(const YamlNode& node) {
  const std::string encoded = node.text();
  const std::vector<unsigned char> bytes = YAML::DecodeBase64(encoded);
  if (bytes.empty() && !encoded.empty()) node.fail("'base64' is not valid base64");
  return {bytes.begin(), bytes.end()};
}

std::string repeatText(const YamlNode& node) {
  const auto repeat = node.find("repeat");
  const auto times = node.find("times");
  if (!repeat || !times) node.fail("'" + node.what() + "' needs both 'repeat' and 'times'");
  const std::string piece = repeat->text();
  const uint64_t count = times->number(0, kMaxTextSize);
  const uint64_t size = piece.size() * count;
  node.reserveText(size);
  std::string result;
  result.reserve(size);
  if (size > 0) result = piece;
  while (result.size() < size) result.append(result, 0, size - result.size());
  return result;
}

TextMatcher readPattern(const YamlNode& node) {
  try {
    return TextMatcher::matches(node.text());
  } catch (const boost::regex_error& error) {
    node.fail("not a regular expression: " + std::string(error.what()));
  }
}

}  // namespace

std::string readText(const YamlNode& node) {
  if (!node.isMapping()) {
    if (node.isNull()) node.fail("'" + node.what() + "' is empty; write \"\" for an empty text");
    return node.text();
  }
  node.checkKeys({"repeat", "times", "base64"});
  const auto base64 = node.find("base64");
  if (!base64) return repeatText(node);
  if (node.entries().size() > 1) node.fail("'base64' is a whole text: neither 'repeat' nor 'times' stands beside it");
  return decodeBase64(*base64);
}

namespace {

TextMatcher readMatcherWithoutLine(const YamlNode& node) {
  if (!node.isMapping()) return TextMatcher::equals(readText(node));
  node.checkKeys({"contains", "matches", "size", "repeat", "times", "base64"});
  if (node.find("repeat") || node.find("base64")) return TextMatcher::equals(readText(node));
  if (node.entries().size() > 1) node.fail("only one of contains, matches and size can be given");
  if (const auto size = node.find("size")) return TextMatcher::size(size->number(0, UINT64_MAX));
  if (auto matcher = findMatcher(node)) return *matcher;
  node.fail("'" + node.what() + "' must say what it expects: a text, or one of contains, matches, size");
}

}  // namespace

std::optional<TextMatcher> findMatcher(const YamlNode& node) {
  std::optional<TextMatcher> matcher;
  for (const auto& [key, value] : node.entries()) {
    if (key != "equals" && key != "contains" && key != "matches") continue;
    if (matcher) value.fail("only one of equals, contains and matches can be given");
    matcher = key == "equals"     ? TextMatcher::equals(readText(value))
              : key == "contains" ? TextMatcher::contains(readText(value))
                                  : readPattern(value);
  }
  return matcher;
}

TextMatcher readMatcher(const YamlNode& node) {
  TextMatcher matcher = readMatcherWithoutLine(node);
  matcher.setLine(node.line());
  return matcher;
}

std::vector<HeaderExpectation> readHeaderExpectations(const YamlNode& node) {
  std::vector<HeaderExpectation> result;
  for (const auto& [name, value] : node.entries()) {
    HeaderExpectation header;
    header.name = name;
    header.line = value.line();
    if (value.isMapping()) {
      value.checkKeys({"absent", "present", "contains", "matches", "size", "repeat", "times", "base64"});
    }
    if (value.isSequence()) {
      for (const auto& item : value.items(name)) header.values.push_back(readMatcher(item));
      if (header.values.empty()) value.fail("'" + name + "' expects no values; write {absent: true}");
    } else if (value.isMapping() && (value.find("absent") || value.find("present"))) {
      if (value.entries().size() > 1) value.fail("'" + name + "' is absent or present: nothing stands beside it");
      for (const auto& [key, flag] : value.entries()) {
        if (!flag.boolean()) flag.fail("'" + key + "' can only be true; write the opposite key instead of false");
        header.kind = key == "absent" ? HeaderExpectation::Kind::Absent : HeaderExpectation::Kind::Present;
      }
    } else {
      header.values.push_back(readMatcher(value));
    }
    result.push_back(std::move(header));
  }
  return result;
}

}  // namespace sluice::scenario
