// Bench job: rename the prefix `x-old-` of request headers to `x-new-`, drop `x-remove-me`, set `x-count` to how many
// headers there were.
#include <charconv>
#include <cstring>
#include <memory>

#include "sluice/sluice.h"

using namespace sluice;

constexpr std::string_view kOldPrefix = "x-old-";
constexpr std::string_view kNewPrefix = "x-new-";

class Stream : public HttpContext {
 public:
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    const auto before = requestHeaders().getAll();
    if (warnUnlessOk(before.status(), "reading the headers")) warnUnlessOk(transform(*before), "setting the headers");
    return FilterHeadersStatus::Continue;
  }

 private:
  Status transform(const HeaderPairs& before) const {
    size_t namesSize = 0;
    for (const auto header : before) namesSize += header.name.size();
    const auto after = std::make_unique_for_overwrite<Header[]>(before.size() + 1);
    const auto names = std::make_unique_for_overwrite<char[]>(namesSize);
    auto* next = after.get();
    auto* name = names.get();
    for (auto header : before) {
      if (header.name == "x-remove-me" || header.name == "x-count") continue;
      if (header.name.starts_with(kOldPrefix)) {
        // The prefixes are of one size.
        const size_t size = header.name.size();
        std::memcpy(name, header.name.data(), size);
        std::memcpy(name, kNewPrefix.data(), kNewPrefix.size());
        header.name = {name, size};
        name += size;
      }
      *next++ = header;
    }
    char digits[10];
    const auto end = std::to_chars(digits, std::end(digits), static_cast<uint32_t>(before.size())).ptr;
    *next++ = {"x-count", {digits, static_cast<size_t>(end - digits)}};
    return requestHeaders().setAll({after.get(), static_cast<size_t>(next - after.get())});
  }
};

static Register<Stream> registration;
