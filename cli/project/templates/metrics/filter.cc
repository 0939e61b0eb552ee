// Counts requests by method and outcome, and records the size of each request's body.
#include <sluice/sluice.h>

#include <string>
#include <string_view>

using namespace sluice;

static Tagged<Counter, 2> requests("filter_name_requests_total", {"method", "outcome"});
static Histogram sizes("filter_name_request_bytes");

// Each value of a tag is a metric that lives as long as the proxy, so clients must not choose the values.
static std::string_view knownMethod(std::string_view method) {
  for (const std::string_view known : {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
    if (method == known) return known;
  }
  return "other";
}

class FilterName : public HttpContext {
 public:
  FilterHeadersStatus onRequestHeaders(uint32_t /*count*/, bool /*endOfStream*/) override {
    method_ = knownMethod(requestHeaders().get(":method").valueOr(""));
    return FilterHeadersStatus::Continue;
  }

  FilterDataStatus onRequestBody(size_t size, bool /*endOfStream*/) override {
    bytes_ += size;
    return FilterDataStatus::Continue;
  }

  void onLog() override {
    const auto code = getProperty(property::kResponseCode).valueOr(0);
    warnUnlessOk(requests.with(method_, code >= 200 && code < 400 ? "good" : "bad").increment(), "counting");
    warnUnlessOk(sizes.record(bytes_), "recording");
  }

 private:
  std::string_view method_ = "other";
  uint64_t bytes_ = 0;
};

static Register<FilterName> registration;
