// Bench job: add the configured header, `name: value`, to every response.
#include <cstring>
#include <memory>

#include "sluice/sluice.h"

using namespace sluice;

class Root : public RootContext {
 public:
  bool onConfigure(size_t) override {
    const auto text = configuration();
    if (!text) return false;
    const auto colon = text->find(':');
    if (colon == 0 || colon >= text->size() - 1 || (*text)[colon + 1] != ' ') {
      logError("the configuration must be `name: value`");
      return false;
    }
    text_ = std::make_unique_for_overwrite<char[]>(text->size());
    std::memcpy(text_.get(), text->data(), text->size());
    header_ = {{text_.get(), colon}, {text_.get() + colon + 2, text->size() - colon - 2}};
    return true;
  }

  const Header& header() const { return header_; }

 private:
  std::unique_ptr<char[]> text_;
  Header header_;
};

class Stream : public HttpContext {
 public:
  explicit Stream(Root& root) : header_(root.header()) {}

  FilterHeadersStatus onResponseHeaders(uint32_t, bool) override {
    warnUnlessOk(responseHeaders().add(header_.name, header_.value), "adding the header");
    return FilterHeadersStatus::Continue;
  }

 private:
  const Header& header_;
};

static Register<Root, Stream> registration;
