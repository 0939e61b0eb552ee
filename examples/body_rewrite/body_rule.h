// One rule of the configuration: which bodies, and what is done to them.
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
  /// Reads an object such as {"content_types": […], "replace": […]}. On a mistake logs it, and gives false.
  bool parse(json::Value value);

  /// Whether the rule is for bodies of this type, the value of a content-type header, or "" where there is none.
  bool matches(std::string_view contentType) const;

  /// What rewrites a body by this rule, which must outlive it.
  std::unique_ptr<BodyRewriter> start() const;

  /// Whether a body must rather be refused than pass as it is.
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
