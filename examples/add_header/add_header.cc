// Adds the configured headers, one `name: value` per line, to every response.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/header_text.h"
#include "sluice/sluice.h"

using namespace sluice;

constexpr size_t kMaxConfigurationSize = 65536;

class AddHeaderRoot : public RootContext {
 public:
  bool onConfigure(size_t size) override {
    if (size > kMaxConfigurationSize) {
      logError("configuration: ", size, " bytes are more than the ", kMaxConfigurationSize, " that are allowed");
      return false;
    }
    const auto text = configuration();
    if (!text) {
      logError("configuration: cannot be read: ", text.status());
      return false;
    }
    text_ = *text;
    return parse(text_);
  }

  const std::vector<Header>& headers() const { return headers_; }

 private:
  bool parse(std::string_view text);
  bool parseLine(std::string_view line, size_t number);
  static bool fail(size_t number, std::string_view what);

  std::string text_;  // the text to which the views in the headers refer
  std::vector<Header> headers_;
};

bool AddHeaderRoot::parse(std::string_view text) {
  headers_.clear();
  for (size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (!trim(line).empty() && !parseLine(line, number)) return false;
  }
  if (headers_.empty()) logError("configuration: is empty; write one `name: value` a line");
  return !headers_.empty();
}

bool AddHeaderRoot::parseLine(std::string_view line, size_t number) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return fail(number, "there is no colon; write `name: value`");
  const Header header{line.substr(0, colon), trim(line.substr(colon + 1))};
  if (header.name.empty()) return fail(number, "the name before the colon is empty");
  if (!isNameText(header.name)) return fail(number, "a character of the name may not stand in a header's name");
  if (!isValueText(header.value)) return fail(number, "a control character may not stand in a header's value");
  headers_.push_back(header);
  return true;
}

bool AddHeaderRoot::fail(size_t number, std::string_view what) {
  logError("configuration line ", number, ": ", what);
  return false;
}

class AddHeaderStream : public HttpContext {
 public:
  explicit AddHeaderStream(const AddHeaderRoot& root) : root_(root) {}

  FilterHeadersStatus onResponseHeaders(uint32_t, bool) override {
    for (const auto& header : root_.headers()) {
      const auto status = responseHeaders().add(header.name, header.value);
      if (status != Status::Ok) logWarn("adding ", header.name, ": ", status);
    }
    return FilterHeadersStatus::Continue;
  }

 private:
  const AddHeaderRoot& root_;
};

static Register<AddHeaderRoot, AddHeaderStream> registration;
