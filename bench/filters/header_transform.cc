// Bench job: rename the prefix `x-old-` of request headers to `x-new-`, remove `x-remove-me`, and set `x-count` to the
// number of headers.
#include <charconv>
#include <cstring>
#include <memory>
#include <span>

#include "sluice/sluice.h"

using namespace sluice;

constexpr std::string_view kOldPrefix = "x-old-";
constexpr std::string_view kNewPrefix = "x-new-";

// Does the same as starts_with(kOldPrefix), with two comparisons of integers instead of one of bytes.
static bool isOld(std::string_view name) {
  if (name.size() < kOldPrefix.size()) return false;
  const auto number = [](const char* at, auto value) {
    std::memcpy(&value, at, sizeof value);
    return value;
  };
  return number(name.data(), uint32_t{}) == number("x-ol", uint32_t{}) &&
         number(name.data() + 4, uint16_t{}) == number("d-", uint16_t{});
}

class Stream : public HttpContext {
 public:
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    const auto before = requestHeaders().getAll();
    if (warnUnlessOk(before.status(), "reading the headers")) warnUnlessOk(transform(*before), "setting the headers");
    return FilterHeadersStatus::Continue;
  }

 private:
  Status transform(const HeaderPairs& before) const {
    const auto after = std::make_unique_for_overwrite<Header[]>(before.size() + 1);
    auto* next = after.get();
    size_t renamedSize = 0;
    for (const auto header : before) {
      if (header.name == "x-remove-me" || header.name == "x-count") continue;
      if (isOld(header.name)) renamedSize += header.name.size();
      *next++ = header;
    }
    const auto names = std::make_unique_for_overwrite<char[]>(renamedSize);
    if (renamedSize != 0) rename({after.get(), next}, names.get());
    char digits[10];
    const auto end = std::to_chars(digits, std::end(digits), static_cast<uint32_t>(before.size())).ptr;
    *next++ = {"x-count", {digits, static_cast<size_t>(end - digits)}};
    return requestHeaders().setAll({after.get(), static_cast<size_t>(next - after.get())});
  }

  // Renames the headers with the old prefix, in place in the memory at `name`. Both prefixes have the same size.
  static void rename(std::span<Header> headers, char* name) {
    for (auto& header : headers) {
      if (!isOld(header.name)) continue;
      const size_t size = header.name.size();
      std::memcpy(name, header.name.data(), size);
      std::memcpy(name, kNewPrefix.data(), kNewPrefix.size());
      header.name = {name, size};
      name += size;
    }
  }
};

static Register<Stream> registration;
