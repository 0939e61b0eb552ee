// Closes connections on which the client does not begin with "HELO".
#include <sluice/sluice.h>

#include <string_view>

using namespace sluice;

class FilterName : public TcpContext {
 public:
  FilterStatus onDownstreamData(size_t size, bool endOfStream) override {
    constexpr std::string_view kGreeting = "HELO";
    if (checked_) return FilterStatus::Continue;
    // Too little to decide: the host shows all of it again with the next bytes.
    if (size < kGreeting.size() && !endOfStream) return FilterStatus::StopIteration;
    const auto start = downstreamData().get(0, kGreeting.size());
    if (!start || *start != kGreeting) {
      logWarn("a client does not begin with ", kGreeting);
      warnUnlessOk(closeDownstream(), "closing");
      return FilterStatus::StopIteration;
    }
    checked_ = true;
    return FilterStatus::Continue;
  }

 private:
  bool checked_ = false;
};

static Register<FilterName> registration;
