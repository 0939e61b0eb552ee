// Adds a header to each response. The configuration is the header's value.
#include <sluice/sluice.h>

#include <string>

using namespace sluice;

class FilterNameRoot : public RootContext {
 public:
  bool onConfigure(size_t /*size*/) override {
    const auto text = configuration();
    if (!text || text->empty()) {
      logError("configuration: write the header's value, such as \"tomorrow\"");
      return false;
    }
    value_ = *text;
    return true;
  }

  const std::string& value() const { return value_; }

 private:
  std::string value_;
};

class FilterName : public HttpContext {
 public:
  explicit FilterName(FilterNameRoot& root) : root_(root) {}

  FilterHeadersStatus onResponseHeaders(uint32_t /*count*/, bool /*endOfStream*/) override {
    warnUnlessOk(responseHeaders().replace("x-filter_name", root_.value()), "setting x-filter_name");
    return FilterHeadersStatus::Continue;
  }

 private:
  FilterNameRoot& root_;
};

static Register<FilterName, FilterNameRoot> registration;
