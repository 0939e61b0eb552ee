// Compares what the example body_rewrite does to bodies in pieces with slow and simple code that has the whole body.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "body_rewrite/json_redactor.h"
#include "body_rewrite/text_replacer.h"
#include "fake_host.h"

using sluice::fuzz::Input;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

// Passes `body` to `rewriter` in pieces cut by `cuts` and returns the result. When the body is malformed, returns
// nothing, and `before` gets the result of the pieces before the fault.
std::optional<std::string> inPieces(BodyRewriter& rewriter, std::string_view body, Input cuts, std::string& before) {
  std::string result;
  do {
    // Mostly small pieces; when `cuts` is used up, the rest of the body.
    const size_t wanted = cuts.empty() ? body.size() : size_t{cuts.byte()} % 8;
    // A separate allocation, so that the sanitizer catches a read past its end.
    const std::vector<char> piece(body.begin(), body.begin() + static_cast<ptrdiff_t>(std::min(wanted, body.size())));
    body.remove_prefix(piece.size());
    std::string out;
    switch (rewriter.next({piece.data(), piece.size()}, body.empty(), out)) {
      case Rewritten::Unchanged:
        require(out.empty());
        result.append(piece.data(), piece.size());
        break;
      case Rewritten::Changed:
        result += out;
        break;
      case Rewritten::Malformed:
        before = result;
        return std::nullopt;
    }
  } while (!body.empty());
  require(!rewriter.holds());
  return result;
}

// --- Text

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string replaceAll(std::string_view body, const Pairs& pairs) {
  std::string result;
  while (!body.empty()) {
    const std::pair<std::string, std::string>* best = nullptr;
    for (const auto& pair : pairs) {
      if (body.starts_with(pair.first) && (best == nullptr || pair.first.size() > best->first.size())) best = &pair;
    }
    result += best != nullptr ? std::string_view(best->second) : body.substr(0, 1);
    body.remove_prefix(best != nullptr ? best->first.size() : 1);
  }
  return result;
}

// A text of few different characters, so that it contains words to replace.
std::string lettersOf(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += "abcA"[c & 3];
  return text;
}

void checkText(const Input& cuts, Input input) {
  Replacements replacements;
  Pairs pairs;
  for (int count = input.byte() % 5 + 1; count > 0; --count) {
    const auto find = lettersOf(input.take(input.byte() % 6));
    const auto with = lettersOf(input.take(input.byte() % 4));
    if (find.empty() || replacements.contains(find)) continue;
    replacements.add(find, with);
    pairs.emplace_back(find, with);
  }
  const auto body = lettersOf(input.take(SIZE_MAX));
  const auto expected = replaceAll(body, pairs);
  std::string before;
  for (const auto& where : {Input(), cuts}) {
    TextReplacer replacer(replacements);
    require(inPieces(replacer, body, where, before) == expected);
  }
}

// --- JSON

using Path = std::vector<std::string>;

const Path kNames = {"a", "pass"};
const std::vector<Path> kPaths = {{"b", "c"}, {"c"}, {"b", "b", "x"}};

// A recursive-descent parser for the JSON grammar of RFC 8259.
class Reference {
 public:
  explicit Reference(std::string_view text) : text_(text) {
    while (outcome_ == Outcome::Good) {
      space();
      if (!text_.empty()) value({}, 0);
      if (text_.empty()) break;
    }
  }

  bool malformed() const { return outcome_ == Outcome::Bad; }
  const std::string& out() const { return out_; }

 private:
  enum class Outcome : uint8_t { Good, Bad, Ended };

  bool good() const { return outcome_ == Outcome::Good; }
  void bad() {
    if (good()) outcome_ = Outcome::Bad;
  }

  // The next byte, without consuming it. At the end, returns 0 and ends the parse.
  char peek() {
    if (good() && text_.empty()) outcome_ = Outcome::Ended;
    return good() ? text_.front() : '\0';
  }
  char take() {
    const char c = peek();
    if (!good()) return c;
    if (!hidden_) out_ += c;
    text_.remove_prefix(1);
    return c;
  }
  void expect(char wanted) {
    if (peek() == wanted && good()) {
      take();
    } else {
      bad();
    }
  }
  void space() {
    while (good() && !text_.empty() && std::string_view(" \t\r\n").find(text_.front()) != std::string_view::npos)
      take();
  }

  void value(const Path& path, size_t depth) {
    const char first = peek();
    if (!good()) return;
    if (first == '"') {
      string();
    } else if (first == '{' || first == '[') {
      if (depth == JsonRedactor::kMaxDepth) return bad();
      take();
      items(first == '{', path, depth + 1);
    } else if (first == 't' || first == 'f' || first == 'n') {
      for (const char c : std::string_view(first == 't' ? "true" : first == 'f' ? "false" : "null")) {
        if (good()) expect(c);
      }
    } else if (first == '-' || (first >= '0' && first <= '9')) {
      while (good() && !text_.empty() &&
             std::string_view("0123456789+-.eE").find(text_.front()) != std::string_view::npos)
        take();
    } else {
      bad();
    }
  }

  void items(bool isObject, const Path& path, size_t depth) {
    const char end = isObject ? '}' : ']';
    space();
    if (peek() == end && good()) {
      take();
      return;
    }
    while (good()) {
      space();
      if (isObject) {
        member(path, depth);
      } else {
        value(path, depth);
      }
      space();
      if (peek() == end && good()) {
        take();
        return;
      }
      expect(',');
    }
  }

  void member(Path path, size_t depth) {
    if (peek() != '"') return bad();
    path.push_back(string());
    space();
    expect(':');
    space();
    peek();
    if (!good()) return;
    bool redact = std::find(kNames.begin(), kNames.end(), path.back()) != kNames.end();
    redact = redact || std::find(kPaths.begin(), kPaths.end(), path) != kPaths.end();
    if (hidden_ || !redact) return value(path, depth);
    hidden_ = true;
    // The first byte of a value is enough for the placeholder.
    const auto before = text_.size();
    std::swap(out_, kept_);
    value(path, depth);
    std::swap(out_, kept_);
    if (before != text_.size()) out_ += "\"*\"";
    if (good()) hidden_ = false;
  }

  // Consumes a string and returns its unescaped value.
  std::string string() {
    std::string meaning;
    expect('"');
    while (good()) {
      const auto c = static_cast<unsigned char>(peek());
      if (!good()) break;
      if (c < ' ') {
        bad();
      } else if (c == '"') {
        take();
        break;
      } else if (c == '\\') {
        take();
        escape(meaning);
      } else if (c < 0x80) {
        meaning += take();
      } else {
        character(meaning);
      }
    }
    return meaning;
  }

  void escape(std::string& meaning) {
    const char c = peek();
    if (!good()) return;
    const auto letter = std::string_view("\"\\/bfnrt").find(c);
    if (letter != std::string_view::npos) {
      take();
      meaning += "\"\\/\b\f\n\r\t"[letter];
      return;
    }
    expect('u');
    std::string digits;
    while (good() && digits.size() < 4) {
      const char digit = peek();
      if (!good()) return;
      if (std::string_view("0123456789abcdefABCDEF").find(digit) == std::string_view::npos) return bad();
      digits += take();
    }
    if (!good()) return;
    // Only ASCII matters here: no name in the rules has other characters.
    const auto unit = std::stoul(digits, nullptr, 16);
    meaning += unit < 0x80 ? static_cast<char>(unit) : '\xff';
  }

  // Consumes a character of several bytes, and checks it by the range of its code point.
  void character(std::string& meaning) {
    const auto first = static_cast<unsigned char>(peek());
    const int size = first >= 0xc0 && first < 0xe0   ? 2
                     : first >= 0xe0 && first < 0xf0 ? 3
                     : first >= 0xf0 && first < 0xf8 ? 4
                                                     : 0;
    if (size == 0 || first < 0xc2 || first > 0xf4) return bad();
    uint32_t point = first & (0xff >> (size + 1));
    meaning += take();
    for (int i = 1; i < size; ++i) {
      const auto next = static_cast<unsigned char>(peek());
      if (!good()) return;
      if ((next & 0xc0) != 0x80) return bad();
      point = point << 6 | (next & 0x3f);
      if (i == 1) {  // Check as soon as two bytes are known.
        const uint32_t lowest = point << (6 * (size - 2));
        const uint32_t highest = lowest | ((uint32_t{1} << (6 * (size - 2))) - 1);
        constexpr uint32_t kFirst[] = {0, 0, 0x80, 0x800, 0x10000};
        if (highest < kFirst[size] || lowest > 0x10ffff || (lowest >= 0xd800 && highest <= 0xdfff)) return bad();
      }
      meaning += take();
    }
  }

  std::string_view text_;
  Outcome outcome_ = Outcome::Good;
  bool hidden_ = false;
  std::string out_;
  std::string kept_;
};

// Random bytes are hardly ever JSON; these tokens come close.
std::string tokensOf(std::string_view bytes) {
  constexpr std::string_view kTokens[] = {"{",           "}",
                                          "[",           "]",
                                          ":",           ",",
                                          "\"a\"",       "\"b\"",
                                          "\"c\"",       "\"x\"",
                                          "\"a\":",      "\"b\":",
                                          "\"c\":",      "{\"b\":{\"c\":",
                                          "{\"pass\":",  "{\"b\":[{\"c\":",
                                          "1",           "-2e+5",
                                          "true",        "false",
                                          "null",        " ",
                                          "\n",          "\"",
                                          "\\",          "\"\\u0061\":",
                                          "\"\\u00e9\"", "\"\xc3\xa9\"",
                                          "u0061",       "}}",
                                          "]}",          "\"p\\u0061ss\":"};
  std::string text;
  for (const char c : bytes) text += kTokens[static_cast<unsigned char>(c) % std::size(kTokens)];
  return text;
}

void checkJson(const Input& cuts, std::string_view body) {
  static const RedactedFields fields = [] {
    RedactedFields all;
    for (const auto& name : kNames) all.addName(name);
    for (const auto& path : kPaths) all.addPath(path);
    all.setPlaceholder("*");
    return all;
  }();
  const Reference reference(body);
  const std::string ones(body.size(), '\1');
  const Input inBytes(reinterpret_cast<const uint8_t*>(ones.data()), ones.size());
  for (const auto& where : {Input(), cuts, inBytes}) {
    JsonRedactor redactor(fields);
    std::string before;
    const auto result = inPieces(redactor, body, where, before);
    require(result.has_value() == !reference.malformed());
    if (result) {
      require(*result == reference.out());
    } else {
      require(reference.out().starts_with(before));
    }
    if (!result && &where == &inBytes) require(reference.out() == before);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const auto taken = input.take(input.byte());
  const Input cuts(reinterpret_cast<const uint8_t*>(taken.data()), taken.size());
  const auto rest = input.take(SIZE_MAX);
  checkText(cuts, Input(reinterpret_cast<const uint8_t*>(rest.data()), rest.size()));
  checkJson(cuts, rest);
  checkJson(cuts, tokensOf(rest));
  return 0;
}
