#include "body_rewrite/body_rule.h"

#include <algorithm>
#include <utility>

#include "common/header_text.h"

namespace {

// Limits for the cost of a request.
constexpr size_t kMaxReplacements = 16;
constexpr size_t kMaxFindSize = 256;
constexpr size_t kMaxWithSize = 1024;
constexpr size_t kMaxNames = 32;
constexpr size_t kMaxNameSize = 256;

bool isContentType(std::string_view text) {
  if (text == "*") return true;
  if (text.starts_with('+')) return text.size() > 1 && isNameText(text);
  const auto slash = text.find('/');
  return slash != std::string_view::npos && slash != 0 && slash + 1 < text.size() &&
         isNameText(text.substr(0, slash)) && isNameText(text.substr(slash + 1));
}

}  // namespace

bool BodyRule::parse(json::Value value) {
  if (!value.isObjectOf({"content_types", "replace", "redact"}) || !parseContentTypes(value)) return false;
  const auto replace = value.find("replace");
  const auto redact = value.find("redact");
  if (replace.has_value() == redact.has_value()) return value.fail("must have either replace or redact");
  return replace ? parseReplacements(*replace) : parseFields(*redact);
}

bool BodyRule::parseContentTypes(json::Value value) {
  const auto types = value.find("content_types");
  if (!types) return value.fail("missing ", "content_types");
  if (!types->isArray()) return false;
  for (const auto type : *types) {
    if (!type.isString()) return false;
    if (!isContentType(type.text())) return type.fail("must be like text/html, text/*, +json or *");
    contentTypes_.push_back(toLowerCase(type.text()));
  }
  return contentTypes_.empty() ? types->fail("is empty") : true;
}

bool BodyRule::parseReplacements(json::Value value) {
  if (!value.isArray()) return false;
  for (const auto entry : value) {
    std::string_view find;
    std::string_view with;
    if (!entry.isObjectOf({"find", "with"}) || !entry.require("find", find) || !entry.require("with", with))
      return false;
    if (replacements_.size() == kMaxReplacements) return entry.fail("there are more than 16 replacements");
    if (find.empty() || find.size() > kMaxFindSize) return entry.find("find")->fail("must have 1 to 256 bytes");
    if (with.size() > kMaxWithSize) return entry.find("with")->fail("must have at most 1024 bytes");
    if (replacements_.contains(find)) return entry.find("find")->fail("given twice");
    replacements_.add(find, with);
  }
  return replacements_.empty() ? value.fail("is empty") : true;
}

bool BodyRule::parseFields(json::Value value) {
  if (!value.isObjectOf({"names", "paths", "placeholder"})) return false;
  if (const auto names = value.find("names")) {
    if (!names->isArray()) return false;
    for (const auto name : *names) {
      if (!name.isString()) return false;
      if (fields_.names() == kMaxNames) return name.fail("there are more than 32 names");
      if (name.text().size() > kMaxNameSize) return name.fail("must have at most 256 bytes");
      fields_.addName(name.text());
    }
  }
  if (const auto paths = value.find("paths")) {
    if (!paths->isArray()) return false;
    for (const auto path : *paths) {
      if (!path.isString() || !parsePath(path)) return false;
    }
  }
  if (fields_.empty()) return value.fail("must have names or paths");
  if (const auto placeholder = value.find("placeholder")) {
    if (!placeholder->isString()) return false;
    if (placeholder->text().size() > kMaxWithSize) return placeholder->fail("must have at most 1024 bytes");
    fields_.setPlaceholder(placeholder->text());
  }
  return true;
}

// As in a JSON pointer (RFC 6901): in a name, ~1 means a slash and ~0 a tilde.
bool BodyRule::parsePath(json::Value value) {
  const auto text = value.text();
  if (fields_.paths() == RedactedFields::kMaxPaths) return value.fail("there are more than 32 paths");
  if (!text.starts_with('/')) return value.fail("must begin with a slash");
  if (text.size() > kMaxNameSize) return value.fail("must have at most 256 bytes");
  std::vector<std::string> path;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '/') {
      path.emplace_back();
    } else if (text[at] != '~') {
      path.back() += text[at];
    } else if (++at < text.size() && (text[at] == '0' || text[at] == '1')) {
      path.back() += text[at] == '0' ? '~' : '/';
    } else {
      return value.fail("has a single tilde; write ~0 for one, and ~1 for a slash in a name");
    }
  }
  fields_.addPath(std::move(path));
  return true;
}

bool BodyRule::matches(std::string_view contentType) const {
  const auto type = toLowerCase(trim(contentType.substr(0, contentType.find(';'))));
  return std::any_of(contentTypes_.begin(), contentTypes_.end(), [&](std::string_view wanted) {
    if (wanted == "*" || wanted == type) return true;
    if (wanted.starts_with('+')) return type.ends_with(wanted);
    return wanted.ends_with("/*") && type.starts_with(wanted.substr(0, wanted.size() - 1));
  });
}

std::unique_ptr<BodyRewriter> BodyRule::start() const {
  if (mustRewrite()) return std::make_unique<JsonRedactor>(fields_);
  return std::make_unique<TextReplacer>(replacements_);
}
