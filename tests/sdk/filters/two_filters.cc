// Two filters with their own root_id, and one for all other root_ids.
#include <string>

#include "sluice/sluice.h"

using namespace sluice;

namespace {

class CountingRoot : public RootContext {
 public:
  int streams = 0;
};

class Counting : public HttpContext {
 public:
  explicit Counting(CountingRoot& root) : number_(++root.streams) {}
  FilterHeadersStatus onResponseHeaders(uint32_t, bool) override {
    warnUnlessOk(responseHeaders().add("x-count", std::to_string(number_)), "adding");
    return FilterHeadersStatus::Continue;
  }

 private:
  int number_;
};

template <char kMark>
class Marking : public HttpContext {
 public:
  FilterHeadersStatus onResponseHeaders(uint32_t, bool) override {
    const char mark = kMark;
    warnUnlessOk(responseHeaders().add("x-mark", {&mark, 1}), "adding");
    return FilterHeadersStatus::Continue;
  }
};

Register<CountingRoot, Counting> counting("counting");
Register<Marking<'m'>> marking("marking");
Register<Marking<'o'>> others;

}  // namespace
