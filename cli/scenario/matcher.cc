#include "scenario/matcher.h"

#include <stdexcept>
#include <utility>

#include "scenario/level.h"
#include "sluice/host/text.h"

namespace sluice::scenario {

TextMatcher TextMatcher::equals(std::string text) { return {Kind::Equals, std::move(text)}; }

TextMatcher TextMatcher::contains(std::string text) { return {Kind::Contains, std::move(text)}; }

TextMatcher TextMatcher::matches(const std::string& pattern) {
  TextMatcher matcher(Kind::Matches, pattern);
  matcher.pattern_.assign(pattern, boost::regex::ECMAScript);
  return matcher;
}

TextMatcher TextMatcher::size(size_t bytes) {
  TextMatcher matcher(Kind::Size, "");
  matcher.size_ = bytes;
  return matcher;
}

bool TextMatcher::accepts(std::string_view text) const {
  switch (kind_) {
    case Kind::Equals:
      return text == text_;
    case Kind::Contains:
      return text.find(text_) != std::string_view::npos;
    case Kind::Size:
      return text.size() == size_;
    case Kind::Matches:
      try {
        return boost::regex_search(text.begin(), text.end(), pattern_);
      } catch (const std::runtime_error&) {  // Boost throws when a search becomes too expensive.
        return false;
      }
  }
  return false;
}

std::string TextMatcher::describe() const {
  switch (kind_) {
    case Kind::Equals:
      return host::quote(text_);
    case Kind::Contains:
      return "containing " + host::quote(text_);
    case Kind::Matches:
      return "matching /" + text_ + "/";
    case Kind::Size:
      return "of " + std::to_string(size_) + (size_ == 1 ? " byte" : " bytes");
  }
  return {};
}

bool LogExpectation::accepts(const host::LogLine& line) const {
  return (!level || *level == line.level) && (!text || text->accepts(line.text));
}

std::string LogExpectation::describe() const {
  std::string description = level ? "a line of level " + levelName(*level) : "a line";
  if (text) description += " " + text->describe();
  return description;
}

}  // namespace sluice::scenario
