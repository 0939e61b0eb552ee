#include "common/json.h"

#include <charconv>
#include <cstring>
#include <utility>

#include "common/rapidjson.h"
#include "sluice/log.h"

namespace json {

using internal::Node;
using sluice::logError;

// Makes nodes from the events of RapidJSON's reader.
class Document::Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  // A string is never longer than the text that contains it.
  Builder(Document& document, size_t textSize) : document_(document) {
    document.strings_.reset(new char[textSize]);  // Emscripten 3.1.6 lacks std::make_unique_for_overwrite.
    free_ = document.strings_.get();
  }

  bool Null() { return add(Type::Null); }
  bool Bool(bool value) { return add(Type::Bool, value ? std::string_view("true") : std::string_view("false")); }
  bool RawNumber(const char* text, unsigned size, bool) { return add(Type::Number, keep({text, size})); }
  bool String(const char* text, unsigned size, bool) { return add(Type::String, keep({text, size})); }
  bool Key(const char* text, unsigned size, bool) {
    key_ = keep({text, size});
    return true;
  }
  bool StartObject() { return open(Type::Object); }
  bool EndObject(unsigned) { return close(); }
  bool StartArray() { return open(Type::Array); }
  bool EndArray(unsigned) { return close(); }

 private:
  std::string_view keep(std::string_view text) {
    char* const kept = free_;
    if (!text.empty()) std::memcpy(kept, text.data(), text.size());
    free_ += text.size();
    return {kept, text.size()};
  }

  bool add(Type type, std::string_view text = {}) {
    auto& nodes = document_.nodes_;
    const auto number = static_cast<uint32_t>(nodes.size());
    const uint32_t index = depth_ == 0 ? 0 : sizes_[depth_ - 1]++;
    nodes.push_back({type, open_, index, number + 1, std::exchange(key_, {}), text});
    return true;
  }

  bool open(Type type) {
    if (depth_ == kMaxDepth) return false;
    add(type);
    open_ = static_cast<uint32_t>(document_.nodes_.size() - 1);
    sizes_[depth_++] = 0;
    return true;
  }

  bool close() {
    auto& node = document_.nodes_[open_];
    node.end = static_cast<uint32_t>(document_.nodes_.size());
    open_ = node.parent;
    --depth_;
    return true;
  }

  Document& document_;
  char* free_;                 // of strings_
  std::string_view key_;       // of the member whose value comes next
  uint32_t open_ = 0;          // the array or object that is currently read
  size_t depth_ = 0;           // the number of open arrays and objects
  uint32_t sizes_[kMaxDepth];  // the number of children of each so far
};

namespace {

bool failAt(std::string_view text, size_t offset, std::string_view what) {
  const auto before = text.substr(0, offset);
  size_t line = 1;
  for (const char c : before) line += c == '\n' ? 1 : 0;
  const size_t column = offset - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
  logError("configuration:", line, ":", column, ": ", what);
  return false;
}

// A string in the configuration may have any characters, but a log line must not.
void appendShown(std::string& line, std::string_view text) {
  constexpr size_t kMaxShown = 64;
  for (const char c : text.substr(0, kMaxShown)) line += static_cast<unsigned char>(c) < ' ' ? '?' : c;
  if (text.size() > kMaxShown) line += "...";
}

}  // namespace

bool Document::parse(const sluice::Result<std::string_view>& configuration) {
  if (!configuration) {
    logError("configuration: cannot be read: ", configuration.status());
    return false;
  }
  const auto text = *configuration;
  if (text.size() > kMaxSize) {
    logError("configuration: ", text.size(), " bytes are more than the ", kMaxSize, " that are allowed");
    return false;
  }
  // RapidJSON treats this byte as the end of the text; valid JSON does not contain it.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) return failAt(text, nul, "a NUL byte");
  Builder builder(*this, text.size());
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;
  const auto result = reader.Parse<kFlags>(stream, builder);
  if (!result.IsError()) return true;
  const bool stopped = result.Code() == rapidjson::kParseErrorTermination;
  return failAt(text, result.Offset(), stopped ? "nested too deep" : rapidjson::GetParseError_En(result.Code()));
}

const Node& Value::node() const { return document_->nodes_[number_]; }
Type Value::type() const { return node().type; }
std::string_view Value::key() const { return node().key; }
std::string_view Value::text() const { return type() == Type::String ? node().text : std::string_view(); }

Value::Iterator Value::begin() const {
  const bool hasChildren = type() == Type::Array || type() == Type::Object;
  return hasChildren ? Iterator(Value(*document_, number_ + 1)) : end();
}
Value::Iterator Value::end() const { return Iterator(Value(*document_, node().end)); }

std::optional<Value> Value::find(std::string_view key) const {
  for (const auto member : *this) {
    if (member.key() == key) return member;
  }
  return std::nullopt;
}

bool Value::is(Type type, std::string_view name) const {
  if (node().type == type) return true;
  logError(path(), ": must be ", name);
  return false;
}

bool Value::isObjectOf(std::initializer_list<std::string_view> keys) const {
  if (!isObject()) return false;
  for (const auto member : *this) {
    bool known = false;
    for (const auto key : keys) known = known || key == member.key();
    if (!known) return member.fail("unknown key");
    if (find(member.key())->number_ != member.number_) return member.fail("given twice");
  }
  return true;
}

bool Value::read(std::string_view key, std::string_view& value) const {
  const auto member = find(key);
  if (!member) return true;
  if (!member->isString()) return false;
  value = member->text();
  return true;
}

bool Value::read(std::string_view key, bool& value) const {
  const auto member = find(key);
  if (!member) return true;
  if (!member->is(Type::Bool, "true or false")) return false;
  value = member->node().text == "true";
  return true;
}

bool Value::read(std::string_view key, uint32_t& value, uint32_t min, uint32_t max) const {
  const auto member = find(key);
  if (!member) return true;
  const auto text = member->node().text;
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool isWhole = member->type() == Type::Number && error == std::errc() && end == text.data() + text.size();
  if (!isWhole || number < min || number > max) {
    logError(member->path(), ": must be a whole number from ", min, " to ", max);
    return false;
  }
  value = number;
  return true;
}

bool Value::require(std::string_view key, std::string_view& value) const {
  if (!find(key)) return fail("missing ", key);
  return read(key, value);
}

bool Value::fail(std::string_view what) const {
  logError(path(), ": ", what);
  return false;
}

bool Value::fail(std::string_view what, std::string_view detail, std::string_view rest) const {
  std::string shown;
  appendShown(shown, detail);
  logError(path(), ": ", what, "\"", shown, "\"", rest);
  return false;
}

std::string Value::path() const {
  std::string path;
  appendPath(path);
  return path.empty() ? "configuration" : path;
}

void Value::appendPath(std::string& path) const {
  if (number_ == 0) return;
  const Value parent(*document_, node().parent);
  parent.appendPath(path);
  if (parent.type() == Type::Array) {
    char digits[10];
    const auto end = std::to_chars(digits, std::end(digits), node().index).ptr;
    path.append("[").append(digits, end).append("]");
  } else {
    if (!path.empty()) path += '.';
    appendShown(path, key());
  }
}

}  // namespace json
