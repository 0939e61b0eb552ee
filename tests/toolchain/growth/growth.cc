// Asks the host for bodies that are larger than the memory that the module starts with, and gives them back reversed.
#include <sluice/sluice.h>

#include <algorithm>
#include <string>

using namespace sluice;

class GrowthStream : public HttpContext {
 public:
  FilterDataStatus onResponseBody(size_t size, bool endOfStream) override {
    if (!endOfStream) return FilterDataStatus::StopIterationAndBuffer;
    const auto body = responseBody().get(0, size);
    if (!body) {
      logError("reading the body: ", body.status());
      return FilterDataStatus::Continue;
    }
    std::string reversed(*body);
    std::reverse(reversed.begin(), reversed.end());
    warnUnlessOk(responseBody().replace(reversed), "replacing the body");
    return FilterDataStatus::Continue;
  }
};

static Register<GrowthStream> registration;
