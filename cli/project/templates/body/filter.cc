// Converts plain text in responses to upper case, chunk by chunk: the filter never keeps a whole body.
#include <sluice/sluice.h>

#include <string>
#include <string_view>

using namespace sluice;

class FilterName : public HttpContext {
 public:
  FilterHeadersStatus onResponseHeaders(uint32_t /*count*/, bool /*endOfStream*/) override {
    isText_ = responseHeaders().get("content-type").valueOr("").starts_with("text/plain");
    return FilterHeadersStatus::Continue;
  }

  FilterDataStatus onResponseBody(size_t size, bool /*endOfStream*/) override {
    if (!isText_) return FilterDataStatus::Continue;
    const auto chunk = responseBody().get(0, size);
    if (!warnUnlessOk(chunk.status(), "reading the body")) return FilterDataStatus::Continue;
    std::string text(*chunk);
    for (char& c : text) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    warnUnlessOk(responseBody().replace(text), "replacing the body");
    return FilterDataStatus::Continue;
  }

 private:
  bool isText_ = false;
};

static Register<FilterName> registration;
