// A configuration with rules for requests and rules for responses.
#pragma once

#include <string_view>
#include <vector>

#include "common/json.h"

/// Reads `{"request": […], "response": […]}` with at least one rule in total. A Rule has `bool parse(json::Value)`,
/// which logs mistakes.
template <class Rule>
struct MessageRules {
  std::vector<Rule> request;
  std::vector<Rule> response;

  /// On a mistake logs it and returns false.
  bool parse(json::Value root) {
    if (!root.isObjectOf({"request", "response"})) return false;
    if (!parseList(root, "request", request) || !parseList(root, "response", response)) return false;
    return request.empty() && response.empty() ? root.fail("has no rules") : true;
  }

 private:
  static bool parseList(json::Value root, std::string_view key, std::vector<Rule>& rules) {
    rules.clear();
    const auto values = root.find(key);
    if (!values) return true;
    if (!values->isArray()) return false;
    for (const auto value : *values) {
      if (!rules.emplace_back().parse(value)) return false;
    }
    return true;
  }
};
