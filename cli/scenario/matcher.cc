#include "scenario/matcher.h"

#include <array>
#include <stdexcept>
#include <utility>

namespace sluice::scenario {
namespace {

constexpr std::array<std::pair<std::string_view, LogLevel>, 6> kLevels = {{
    {"trace", LogLevel::Trace},
    {"debug", LogLevel::Debug},
    {"info", LogLevel::Info},
    {"warn", LogLevel::Warn},
    {"error", LogLevel::Error},
    {"critical", LogLevel::Critical},
}};

}  // namespace

TextMatcher TextMatcher::equals(std::string text) { return {Kind::kEquals, std::move(text)}; }

TextMatcher TextMatcher::contains(std::string text) { return {Kind::kContains, std::move(text)}; }

TextMatcher TextMatcher::matches(const std::string& pattern) {
  TextMatcher matcher(Kind::kMatches, pattern);
  matcher.pattern_.assign(pattern, boost::regex::ECMAScript);
  return matcher;
}

TextMatcher TextMatcher::size(std::size_t bytes) {
  TextMatcher matcher(Kind::kSize, "");
  matcher.size_ = bytes;
  return matcher;
}

bool TextMatcher::accepts(std::string_view text) const {
  switch (kind_) {
    case Kind::kEquals:
      return text == text_;
    case Kind::kContains:
      return text.find(text_) != std::string_view::npos;
    case Kind::kSize:
      return text.size() == size_;
    case Kind::kMatches:
      try {
        return boost::regex_search(text.begin(), text.end(), pattern_);
      } catch (const std::runtime_error&) {  // Boost gives up on a search of runaway cost.
        return false;
      }
  }
  return false;
}

std::string TextMatcher::describe() const {
  switch (kind_) {
    case Kind::kEquals:
      return quote(text_);
    case Kind::kContains:
      return "containing " + quote(text_);
    case Kind::kMatches:
      return "matching /" + text_ + "/";
    case Kind::kSize:
      return "of " + std::to_string(size_) + (size_ == 1 ? " byte" : " bytes");
  }
  return {};
}

bool LogExpectation::accepts(LogLevel lineLevel, std::string_view line) const {
  return (!level || *level == lineLevel) && (!text || text->accepts(line));
}

std::string LogExpectation::describe() const {
  std::string description = level ? "a line of level " + std::string(levelName(*level)) : "a line";
  if (text) description += " " + text->describe();
  return description;
}

std::string_view levelName(LogLevel level) {
  for (const auto& [name, value] : kLevels) {
    if (value == level) return name;
  }
  return {};
}

std::optional<LogLevel> levelNamed(std::string_view name) {
  for (const auto& [known, level] : kLevels) {
    if (known == name) return level;
  }
  return std::nullopt;
}

std::string quote(std::string_view text, std::size_t limit) {
  constexpr std::array<char, 16> kHexDigits = {'0', '1', '2', '3', '4', '5', '6', '7',
                                               '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
  std::string result = "\"";
  for (const char c : text.substr(0, limit)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\r') {
      result += "\\r";
    } else if (c == '\t') {
      result += "\\t";
    } else if (byte < 0x20 || byte >= 0x7f) {
      result += {'\\', 'x', kHexDigits[byte >> 4U], kHexDigits[byte & 0xfU]};
    } else {
      result += c;
    }
  }
  result += '"';
  if (text.size() > limit) result += " … (" + std::to_string(text.size()) + " bytes)";
  return result;
}

}  // namespace sluice::scenario
