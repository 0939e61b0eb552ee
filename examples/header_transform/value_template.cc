#include "header_transform/value_template.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>

#include "common/header_text.h"
#include "sluice/log.h"
#include "sluice/property.h"

using namespace sluice;

namespace {

// The ABI gives properties as bytes without a type. These are integers.
constexpr std::string_view kIntegers[] = {
    property::kListenerDirection.path(), property::kRequestSize.path(),       property::kRequestTotalSize.path(),
    property::kResponseCode.path(),      property::kResponseFlags.path(),     property::kResponseGrpcStatus.path(),
    property::kResponseSize.path(),      property::kResponseTotalSize.path(), property::kSourcePort.path(),
    property::kDestinationPort.path(),   property::kConnectionId.path(),      property::kUpstreamPort.path(),
};
// These are neither texts nor numbers.
constexpr std::string_view kOthers[] = {
    property::kRequestHeaders.path(), property::kResponseHeaders.path(), property::kResponseTrailers.path(),
    property::kRequestTime.path(),    property::kRequestDuration.path(), property::kConnectionMtls.path(),
};

template <size_t kSize>
bool contains(const std::string_view (&list)[kSize], std::string_view text) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

}  // namespace

bool ValueTemplate::parse(json::Value value) {
  const auto text = value.text();
  if (!isValueText(text)) return value.fail("holds a control character");
  std::string literal;
  const auto endLiteral = [&] {
    if (!literal.empty()) parts_.push_back({Kind::Text, literal});
    literal.clear();
  };
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '{' && c != '}') {
      literal += c;
    } else if (at + 1 < text.size() && text[at + 1] == c) {
      literal += c;
      ++at;
    } else {
      const auto end = text.find('}', at);
      if (c == '}' || end == std::string_view::npos) return value.fail("has a single brace; write {{ or }} for one");
      endLiteral();
      if (!addPlace(value, text.substr(at + 1, end - at - 1))) return false;
      at = end;
    }
  }
  endLiteral();
  return true;
}

bool ValueTemplate::addPlace(json::Value value, std::string_view place) {
  constexpr std::string_view kHeader = "header:";
  constexpr std::string_view kProperty = "property:";
  if (place.starts_with(kHeader)) {
    const auto name = place.substr(kHeader.size());
    // Pseudo-headers such as :path are headers, too.
    if (name.empty() || !isNameText(name.substr(name.front() == ':' ? 1 : 0)))
      return value.fail("", name, " is not a header's name");
    parts_.push_back({Kind::Header, toLowerCase(name)});
    return true;
  }
  if (place.starts_with(kProperty)) {
    std::string path(place.substr(kProperty.size()));
    if (path.empty()) return value.fail("the property's path is empty");
    std::replace(path.begin(), path.end(), '.', '\0');
    if (contains(kOthers, path)) return value.fail("the property ", place.substr(kProperty.size()), " is no text");
    parts_.push_back({contains(kIntegers, path) ? Kind::IntegerProperty : Kind::Property, std::move(path)});
    return true;
  }
  return value.fail("cannot fill in ", place, "; write {header:name} or {property:path}");
}

bool ValueTemplate::render(const HeaderList& headers, std::string& result) const {
  for (const auto& part : parts_) {
    switch (part.kind) {
      case Kind::Text:
        result += part.text;
        break;
      case Kind::Header:
        if (!headers.append(part.text, result)) return false;
        break;
      case Kind::Property:
      case Kind::IntegerProperty:
        if (!appendProperty(part, result)) return false;
        break;
    }
  }
  if (isValueText(result)) return true;
  logWarn("a value with a control character was not used");
  return false;
}

bool ValueTemplate::appendProperty(const Part& part, std::string& result) {
  const auto bytes = getProperty({part.text});
  if (!bytes) {
    // A missing property is not an error.
    if (bytes.status() != Status::NotFound) {
      auto path = part.text;
      std::replace(path.begin(), path.end(), '\0', '.');
      warnUnlessOk(bytes.status(), path);
    }
    return false;
  }
  if (part.kind == Kind::Property) {
    result += *bytes;
    return true;
  }
  int64_t number = 0;
  if (bytes->size() != sizeof number) return false;
  std::memcpy(&number, bytes->data(), sizeof number);
  char digits[20];
  const auto end = std::to_chars(digits, std::end(digits), number).ptr;
  result.append(digits, end);
  return true;
}
