#include "lines.h"

#include <algorithm>
#include <utility>

namespace script {

namespace {

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return 0;
}

// Removes the next word and the spaces before it from the line.
std::string_view takeWord(std::string_view& line) {
  const size_t begin = line.find_first_not_of(' ');
  if (begin == line.npos) {
    line = {};
    return {};
  }
  const auto word = line.substr(begin, line.find(' ', begin) - begin);
  line.remove_prefix(begin + word.size());
  return word;
}

}  // namespace

void Lines::add(std::string_view text) {
  if (text.empty()) return;
  std::string_view rest = texts_.emplace_front(text);
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    addLine(line);
    rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : line.size());
  }
}

void Lines::addLine(std::string_view rest) {
  Line line;
  Call& call = line.call;
  call.event = takeWord(rest);
  call.step = rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
  call.function = unescaped(takeWord(rest));
  if (call.event.starts_with('#') || call.function.empty()) return;
  if (call.function == "script") counts_ = true;  // The lines that it adds may need the count.
  call.callback = call.event;
  if (const auto at = call.event.find('@'); at != call.event.npos) {
    call.callback = call.event.substr(0, at);
    line.nth = toNumber<uint32_t>(call.event.substr(at + 1), 0);
    counts_ = true;
  } else if (call.event.ends_with('$')) {
    call.callback.remove_suffix(1);
    line.atEnd = true;
  }
  for (auto word = takeWord(rest); !word.empty(); word = takeWord(rest)) call.arguments.push_back(unescaped(word));
  lines_.push_back(std::move(line));
}

std::string_view Lines::unescaped(std::string_view word) {
  if (word == "\"\"") return {};
  if (word.find('\\') == word.npos) return word;
  std::string& text = texts_.emplace_front();
  for (size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '\\' || i + 1 == word.size()) {
      text += word[i];
    } else if (word[++i] == 's') {
      text += ' ';
    } else if (word[i] == 'n') {
      text += '\n';
    } else if (word[i] == 'x' && i + 2 < word.size()) {
      text += static_cast<char>(hexDigit(word[i + 1]) * 16 + hexDigit(word[i + 2]));
      i += 2;
    } else {
      text += word[i];
    }
  }
  return text;
}

}  // namespace script
