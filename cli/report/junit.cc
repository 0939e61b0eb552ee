#include "report/junit.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "scenario/read_file.h"

namespace sluice::cli {
namespace {

constexpr uintmax_t kMaxReport = 1u << 30;

struct Character {
  uint32_t code = 0;
  size_t bytes = 0;  // 0: no character of UTF-8 starts here.
};

// The character that `text` starts with.
Character firstCharacter(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
  if (length == 0 || first > 0xf4 || text.size() < length) return {};
  uint32_t code = first & (0x7fu >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0u) != 0x80u) return {};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kSmallest[length] || code > 0x10ffff) return {};
  return {code, length};
}

// https://www.w3.org/TR/xml/#charsets
bool isXmlCharacter(uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return !(code >= 0xd800 && code <= 0xdfff) && code != 0xfffe && code != 0xffff;
}

std::string seconds(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

void appendCase(std::string& out, const JunitCase& result) {
  out += "    <testcase classname=\"" + xmlText(result.suite) + "\" name=\"" + xmlText(result.name) + "\" file=\"" +
         xmlText(result.file) + "\" time=\"" + seconds(result.seconds) + "\"";
  const bool failed = !result.failure.empty();
  const std::string& text = failed ? result.failure : result.error;
  if (text.empty()) {
    out += "/>\n";
    return;
  }
  const std::string kind = failed ? "failure" : "error";
  out += ">\n      <" + kind + " message=\"" + xmlText(text.substr(0, text.find('\n'))) + "\">" + xmlText(text) + "</" +
         kind + ">\n    </testcase>\n";
}

// The number in the attribute `name` of the element that `text` starts with.
size_t attribute(std::string_view text, const std::string& name) {
  const std::string element(text.substr(0, text.find('>')));
  size_t at = element.find(name + "=\"");
  while (at != std::string::npos && element.find_first_of(" \t\n", at - 1) != at - 1) at = element.find(name, at + 1);
  return at == std::string::npos ? 0 : std::strtoull(element.c_str() + at + name.size() + 2, nullptr, 10);
}

struct Counts {
  size_t tests = 0, failures = 0, errors = 0;
  double seconds = 0;
  void add(const JunitCase& result) {
    ++tests;
    failures += result.failure.empty() ? 0 : 1;
    errors += result.failure.empty() && !result.error.empty() ? 1 : 0;
    seconds += result.seconds;
  }
};

std::string described(const Counts& counts) {
  return "tests=\"" + std::to_string(counts.tests) + "\" failures=\"" + std::to_string(counts.failures) +
         "\" errors=\"" + std::to_string(counts.errors) + "\" time=\"" + seconds(counts.seconds) + "\"";
}

}  // namespace

std::string xmlText(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Character character = firstCharacter(text);
    const std::string_view bytes = text.substr(0, std::max<size_t>(character.bytes, 1));
    text.remove_prefix(bytes.size());
    if (character.bytes == 0 || !isXmlCharacter(character.code)) {
      result += "\xef\xbf\xbd";  // U+FFFD
      continue;
    }
    switch (character.code) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\n':
        result += "&#10;";
        break;
      case '\r':
        result += "&#13;";
        break;
      case '\t':
        result += "&#9;";
        break;
      default:
        result += bytes;
    }
  }
  return result;
}

void JunitReport::add(JunitCase result) { cases_.push_back(std::move(result)); }

size_t JunitReport::addFile(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return 0;
  std::string text = scenario::readFile(file, kMaxReport);
  text.erase(0, text.find("<testsuite"));
  const size_t tests = attribute(text, "tests");
  otherTests_ += tests;
  otherFailures_ += attribute(text, "failures");
  otherErrors_ += attribute(text, "errors");
  if (text.starts_with("<testsuites")) {
    text.erase(0, text.find('>') + 1);
    text.erase(text.find("</testsuites>"));
  }
  if (tests > 0) others_ += text;
  return tests;
}

std::string JunitReport::xml() const {
  Counts all{otherTests_, otherFailures_, otherErrors_, 0};
  for (const auto& result : cases_) all.add(result);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " + described(all) + ">\n" + others_;
  for (auto first = cases_.begin(); first != cases_.end();) {
    const auto last = std::find_if(first, cases_.end(), [&](const auto& each) { return each.suite != first->suite; });
    Counts counts;
    std::for_each(first, last, [&](const auto& each) { counts.add(each); });
    out += "  <testsuite name=\"" + xmlText(first->suite) + "\" " + described(counts) + ">\n";
    std::for_each(first, last, [&](const auto& each) { appendCase(out, each); });
    out += "  </testsuite>\n";
    first = last;
  }
  return out + "</testsuites>\n";
}

}  // namespace sluice::cli
