// A cache that runs the commands in a request's `x-do` headers and logs an answer to each: "keep KEY MS VALUE", "find
// KEY", "remove KEY", "bound". The configuration is "NAME ENTRIES VALUE_BYTES".
#include <sluice/sluice.h>
#include <sluice/ttl_cache.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

using namespace sluice;

namespace {

std::string_view takeWord(std::string_view& line) {
  const auto word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

int64_t takeNumber(std::string_view& line) {
  int64_t number = 0;
  const auto word = takeWord(line);
  std::from_chars(word.data(), word.data() + word.size(), number);
  return number;
}

}  // namespace

class Root : public RootContext {
 public:
  bool onConfigure(size_t) override {
    const auto text = configuration();
    if (!text) return false;
    auto rest = *text;
    const auto name = takeWord(rest);
    const auto entries = static_cast<uint32_t>(takeNumber(rest));
    cache_.emplace(name, TtlCacheLimits{entries, static_cast<uint32_t>(takeNumber(rest))});
    return true;
  }
  const TtlCache& cache() const { return *cache_; }

 private:
  std::optional<TtlCache> cache_;
};

class Stream : public HttpContext {
 public:
  explicit Stream(Root& root) : cache_(root.cache()) {}

  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    if (const auto all = requestHeaders().getAll()) {
      for (const auto [name, value] : *all) {
        if (name == "x-do") perform(value);
      }
    }
    return FilterHeadersStatus::Continue;
  }

 private:
  void perform(std::string_view line) {
    const auto command = takeWord(line);
    const auto key = takeWord(line);
    if (command == "keep") {
      const auto time = std::chrono::milliseconds(takeNumber(line));
      logInfo(cache_.keep(key, line, time));
    } else if (command == "keep-much") {
      logInfo(cache_.keep(key, std::string(static_cast<size_t>(takeNumber(line)), 'x'), std::chrono::seconds(1)));
    } else if (command == "remove") {
      logInfo(cache_.remove(key));
    } else if (command == "bound") {
      logInfo(cache_.maxBytes());
    } else {
      const auto found = cache_.find(key);
      if (found) {
        logInfo("found ", *found);
      } else {
        logInfo(found.status());
      }
    }
  }

  const TtlCache& cache_;
};

static Register<Root, Stream> registration;
