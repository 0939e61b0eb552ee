#include "probe.h"

namespace probe {
namespace {

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return 0;
}

std::string unescape(std::string_view word) {
  if (word == "\"\"") return {};
  std::string result;
  for (size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '\\' || i + 1 == word.size()) {
      result += word[i];
    } else if (word[++i] == 's') {
      result += ' ';
    } else if (word[i] == 'n') {
      result += '\n';
    } else if (word[i] == 'x' && i + 2 < word.size()) {
      result += static_cast<char>(hexDigit(word[i + 1]) * 16 + hexDigit(word[i + 2]));
      i += 2;
    } else {
      result += word[i];
    }
  }
  return result;
}

std::string_view nextWord(std::string_view& line) {
  const size_t begin = line.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  const size_t end = line.find(' ', begin);
  const auto word = line.substr(begin, end == std::string_view::npos ? end : end - begin);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end);
  return word;
}

}  // namespace

std::vector<Command> parseScript(std::string_view script) {
  std::vector<Command> commands;
  while (!script.empty()) {
    const size_t end = script.find('\n');
    auto line = script.substr(0, end);
    script.remove_prefix(end == std::string_view::npos ? script.size() : end + 1);
    Command command;
    command.event = nextWord(line);
    if (command.event.empty() || command.event.front() == '#') continue;
    while (true) {
      const auto word = nextWord(line);
      if (word.empty()) break;
      command.text += (command.text.empty() ? "" : " ") + std::string(word);
      command.words.push_back(unescape(word));
    }
    if (!command.words.empty()) commands.push_back(std::move(command));
  }
  return commands;
}

std::string printable(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string result;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      result += c;
    } else {
      result += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
  return result;
}

}  // namespace probe
