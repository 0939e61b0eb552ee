// Changes the headers of requests and responses with rules: set, append, remove, rename and copy.
#include <cstddef>
#include <string_view>
#include <vector>

#include "common/json.h"
#include "common/message_rules.h"
#include "header_transform/header_list.h"
#include "header_transform/rule.h"
#include "sluice/sluice.h"

using namespace sluice;

class HeaderTransformRoot : public RootContext {
 public:
  bool onConfigure(size_t) override {
    json::Document document;
    return document.parse(configuration()) && rules_.parse(document.root());
  }

  const std::vector<Rule>& requestRules() const { return rules_.request; }
  const std::vector<Rule>& responseRules() const { return rules_.response; }

 private:
  MessageRules<Rule> rules_;
};

class HeaderTransformStream : public HttpContext {
 public:
  explicit HeaderTransformStream(const HeaderTransformRoot& root) : root_(root) {}

  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    transform(requestHeaders(), root_.requestRules());
    return FilterHeadersStatus::Continue;
  }

  FilterHeadersStatus onResponseHeaders(uint32_t, bool) override {
    transform(responseHeaders(), root_.responseRules());
    return FilterHeadersStatus::Continue;
  }

 private:
  // Reads the whole map and writes it back: two hostcalls for any number of rules.
  static void transform(HeaderMap map, const std::vector<Rule>& rules) {
    if (rules.empty()) return;
    const auto pairs = map.getAll();
    if (!warnUnlessOk(pairs.status(), "reading the headers")) return;
    HeaderList list(*pairs);
    bool changed = false;
    for (const auto& rule : rules) changed = rule.apply(list) || changed;
    if (changed) warnUnlessOk(map.setAll(list.headers), "writing the headers");
  }

  const HeaderTransformRoot& root_;
};

static Register<HeaderTransformRoot, HeaderTransformStream> registration;
