// One rule of the configuration: selects bodies and says how to rewrite them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "body_rewrite/body_rewriter.h"
#include "body_rewrite/json_redactor.h"
#include "body_rewrite/text_replacer.h"
#include "common/json.h"

class BodyRule {
 public:
  /// Reads an object such as {"content_types": […], "replace": […]}. On a mistake logs it and returns false.
  bool parse(json::Value value);

  /// Whether the rule applies to bodies of this type. `type` is the value of a content-type header, or "" if there is
  /// none.
  bool matches(std::string_view contentType) const;

  /// A rewriter for one body with this rule. The rule must outlive it.
  std::unique_ptr<BodyRewriter> start() const;

  /// Whether to refuse a body that cannot be rewritten, instead of letting it pass unchanged.
  bool mustRewrite() const { return !fields_.empty(); }

 private:
  bool parseContentTypes(json::Value value);
  bool parseReplacements(json::Value value);
  bool parseFields(json::Value value);
  bool parsePath(json::Value value);

  std::vector<std::string> contentTypes_;  // in lower case
  Replacements replacements_;
  RedactedFields fields_;  // empty in a rule that replaces
};
