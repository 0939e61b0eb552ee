#include "body_rewrite/json_redactor.h"

#include <algorithm>
#include <utility>

namespace {

// The bytes of strings that need no special treatment.
constexpr bool isPlain(unsigned char byte) { return byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\'; }

constexpr bool isSpace(unsigned char byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

constexpr bool isDigit(unsigned char byte) { return byte >= '0' && byte <= '9'; }

constexpr bool isOfNumber(unsigned char byte) {
  return isDigit(byte) || byte == '.' || byte == '-' || byte == '+' || byte == 'e' || byte == 'E';
}

// The number of bytes at the beginning of `text` for which `is` returns true.
template <class Is>
size_t countFirst(std::string_view text, Is is) {
  const auto* at = text.data();
  const auto* const end = at + text.size();
  while (at != end && is(static_cast<unsigned char>(*at))) ++at;
  return static_cast<size_t>(at - text.data());
}

}  // namespace

void RedactedFields::addName(std::string_view name) {
  longest_ = std::max(longest_, name.size());
  names_.emplace_back(name);
}

void RedactedFields::addPath(std::vector<std::string> path) {
  for (const auto& name : path) longest_ = std::max(longest_, name.size());
  paths_.push_back(std::move(path));
}

void RedactedFields::setPlaceholder(std::string_view text) {
  placeholder_ = '"';
  for (const char c : text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    if (c == '"' || c == '\\') {
      placeholder_ += '\\';
      placeholder_ += c;
    } else if (static_cast<unsigned char>(c) < ' ') {
      placeholder_ += "\\u00";
      placeholder_ += c < 16 ? '0' : '1';
      placeholder_ += kDigits[c & 15];
    } else {
      placeholder_ += c;
    }
  }
  placeholder_ += '"';
}

bool RedactedFields::match(std::string_view key, size_t depth, uint32_t& paths) const {
  bool redact = std::find(names_.begin(), names_.end(), key) != names_.end();
  for (size_t i = 0; i < paths_.size(); ++i) {
    const uint32_t bit = uint32_t{1} << i;
    if ((paths & bit) == 0) continue;
    const auto& path = paths_[i];
    if (depth < path.size() && path[depth] == key) {
      redact = redact || depth + 1 == path.size();
    } else {
      paths &= ~bit;
    }
  }
  return redact;
}

Rewritten JsonRedactor::next(std::string_view piece, bool, std::string& out) {
  bool changed = redacting_;
  size_t from = 0;  // the bytes before this were written or left out
  for (size_t at = 0; at < piece.size(); ++at) {
    at += skip(piece.substr(at));
    if (at == piece.size()) break;
    const bool wasRedacting = redacting_;
    const bool isNumber = state_ == State::Number && depth_ == redactedAt_;
    if (!read(static_cast<unsigned char>(piece[at]))) return Rewritten::Malformed;
    if (redacting_ == wasRedacting) continue;
    if (redacting_) {
      out += piece.substr(from, at - from);
      out += fields_.placeholder_;
      changed = true;
    } else {
      from = isNumber
                 ? at
                 : at + 1;  // The byte that ends a number does not belong to it; other values end with their last byte.
    }
  }
  if (!changed) return Rewritten::Unchanged;
  if (!redacting_) out += piece.substr(from);
  return Rewritten::Changed;
}

// Skips bytes at the beginning of `text` that do not change the state: inside a string or a number, or whitespace.
// Returns their number.
size_t JsonRedactor::skip(std::string_view text) {
  switch (state_) {
    case State::String: {
      if (continuing_ != 0) return 0;
      const size_t size = countFirst(text, isPlain);
      if (isName_) addToName(text.substr(0, size));
      return size;
    }
    case State::Number:
      return countFirst(text, isOfNumber);
    case State::Escape:
    case State::Hex:
    case State::Literal:
      return 0;
    default:
      return countFirst(text, isSpace);
  }
}

bool JsonRedactor::read(unsigned char byte) {
  switch (state_) {
    case State::String:
      return readString(byte);
    case State::Escape:
      return readEscape(byte);
    case State::Hex:
      return readHex(byte);
    case State::Literal:
      if (byte != static_cast<unsigned char>(*literal_)) return false;
      if (*++literal_ == '\0') endValue();
      return true;
    case State::Number:
      if (isOfNumber(byte)) return true;
      endValue();
      break;
    default:
      break;
  }
  if (isSpace(byte)) return true;
  switch (state_) {
    case State::FirstValue:
      if (byte == ']') return close(byte);
      return beginValue(byte);
    case State::Value:
      return beginValue(byte);
    case State::FirstName:
      if (byte == '}') return close(byte);
      [[fallthrough]];
    case State::Name:
      beginString(true);
      return byte == '"';
    case State::Colon:
      state_ = State::Value;
      return byte == ':';
    case State::AfterValue:
      if (byte != ',') return close(byte);
      state_ = levels_[depth_ - 1].isObject ? State::Name : State::Value;
      return true;
    default:
      return false;
  }
}

bool JsonRedactor::beginValue(unsigned char byte) {
  if (std::exchange(redactNext_, false)) {
    redacting_ = true;
    redactedAt_ = depth_;
  }
  switch (byte) {
    case '"':
      beginString(false);
      return true;
    case '{':
    case '[':
      return open(byte == '{');
    case 't':
      literal_ = "rue";
      break;
    case 'f':
      literal_ = "alse";
      break;
    case 'n':
      literal_ = "ull";
      break;
    default:
      state_ = State::Number;
      return isDigit(byte) || byte == '-';
  }
  state_ = State::Literal;
  return true;
}

void JsonRedactor::endValue() {
  if (redacting_ && depth_ == redactedAt_) redacting_ = false;
  state_ = depth_ == 0 ? State::Value : State::AfterValue;
}

bool JsonRedactor::open(bool isObject) {
  if (depth_ == kMaxDepth) return false;
  auto& level = levels_[depth_];
  if (depth_ == 0) {
    level = {UINT32_MAX, 0, isObject};
  } else if (const auto& around = levels_[depth_ - 1]; around.isObject) {
    level = {value_.paths, value_.depth, isObject};
  } else {
    level = {around.paths, around.depth, isObject};
  }
  ++depth_;
  state_ = isObject ? State::FirstName : State::FirstValue;
  return true;
}

bool JsonRedactor::close(unsigned char byte) {
  if (byte != (levels_[depth_ - 1].isObject ? '}' : ']')) return false;
  --depth_;
  endValue();
  return true;
}

void JsonRedactor::beginString(bool isName) {
  isName_ = isName;
  name_.clear();
  highSurrogate_ = 0;
  state_ = State::String;
}

void JsonRedactor::endString() {
  if (!isName_) return endValue();
  state_ = State::Colon;
  if (redacting_) return;
  const auto& level = levels_[depth_ - 1];
  value_ = {level.paths, static_cast<uint8_t>(level.depth + 1), true};
  redactNext_ = fields_.match(name_, level.depth, value_.paths);
}

bool JsonRedactor::readString(unsigned char byte) {
  if (!readUtf8(byte)) return false;
  if (byte == '"') {
    endString();
  } else if (byte == '\\') {
    state_ = State::Escape;
  } else {
    const char c = static_cast<char>(byte);
    addToName({&c, 1});
  }
  return true;
}

bool JsonRedactor::readEscape(unsigned char byte) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (byte == 'u') {
    unit_ = 0;
    digits_ = 0;
    state_ = State::Hex;
    return true;
  }
  const auto letter = kLetters.find(static_cast<char>(byte));
  if (letter == std::string_view::npos) return false;
  addToName(kMeanings.substr(letter, 1));
  state_ = State::String;
  return true;
}

bool JsonRedactor::readHex(unsigned char byte) {
  const auto letter = static_cast<unsigned char>(byte | 0x20);
  if (isDigit(byte)) {
    unit_ = unit_ << 4 | static_cast<uint32_t>(byte - '0');
  } else if (letter >= 'a' && letter <= 'f') {
    unit_ = unit_ << 4 | static_cast<uint32_t>(letter - 'a' + 10);
  } else {
    return false;
  }
  if (++digits_ == 4) {
    addCodeUnit(unit_);
    state_ = State::String;
  }
  return true;
}

// Accepts well-formed UTF-8 (The Unicode Standard, table 3-7) without control characters.
bool JsonRedactor::readUtf8(unsigned char byte) {
  if (continuing_ != 0) {
    if (byte < lowest_ || byte > highest_) return false;
    lowest_ = 0x80;
    highest_ = 0xbf;
    --continuing_;
    return true;
  }
  if (byte < 0x80) return byte >= ' ';
  if (byte < 0xc2 || byte > 0xf4) return false;
  continuing_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  lowest_ = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
  highest_ = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
  return true;
}

void JsonRedactor::addToName(std::string_view text) {
  if (text.empty()) return;
  highSurrogate_ = 0;
  // A name that is longer than all names to redact cannot match, so the rest of it does not matter, even if it is cut
  // within a character.
  if (isName_ && name_.size() <= fields_.longest_ + 4) name_ += text.substr(0, fields_.longest_ + 5);
}

// Unpaired surrogates become bytes that are not valid UTF-8 and match no name.
void JsonRedactor::addCodeUnit(uint32_t unit) {
  uint32_t point = unit;
  if (highSurrogate_ != 0 && unit >= 0xdc00 && unit <= 0xdfff && name_.size() <= fields_.longest_ + 4) {
    name_.resize(name_.size() - 3);
    point = 0x10000 + ((highSurrogate_ - 0xd800) << 10) + (unit - 0xdc00);
  }
  char bytes[4];
  size_t size = 0;
  const auto add = [&](uint32_t byte) { bytes[size++] = static_cast<char>(byte); };
  if (point < 0x80) {
    add(point);
  } else if (point < 0x800) {
    add(0xc0 | point >> 6);
  } else if (point < 0x10000) {
    add(0xe0 | point >> 12);
  } else {
    add(0xf0 | point >> 18);
    add(0x80 | (point >> 12 & 0x3f));
  }
  if (point >= 0x800) add(0x80 | (point >> 6 & 0x3f));
  if (point >= 0x80) add(0x80 | (point & 0x3f));
  addToName({bytes, size});
  if (isName_ && point >= 0xd800 && point <= 0xdbff) highSurrogate_ = point;
}
