// Asks a service whether a request may pass. The service gets the request's "authorization" header; with a 200 it may
// say who the user is. The configuration is the name of the service's cluster.
#include <sluice/sluice.h>

#include <string>

using namespace sluice;
using namespace std::chrono_literals;

class FilterNameRoot : public RootContext {
 public:
  bool onConfigure(size_t /*size*/) override {
    const auto text = configuration();
    if (!text || text->empty()) {
      logError("configuration: write the name of the cluster that decides");
      return false;
    }
    cluster_ = *text;
    return true;
  }

  const std::string& cluster() const { return cluster_; }

 private:
  std::string cluster_;
};

class FilterName : public HttpContext {
 public:
  explicit FilterName(FilterNameRoot& root) : root_(root) {}

  // The request waits while the task waits.
  FilterHeadersStatus onRequestHeaders(uint32_t /*count*/, bool /*endOfStream*/) override { return run(authorize()); }

 private:
  Task authorize() {
    const std::string credentials(requestHeaders().get("authorization").valueOr(""));
    const auto reply = co_await httpCall({.cluster = root_.cluster(),
                                          .headers = {{":method", "GET"},
                                                      {":path", "/check"},
                                                      {":authority", root_.cluster()},
                                                      {"authorization", credentials}},
                                          .timeout = 500ms});
    if (!reply.ok() || reply.statusCode() >= 500) {
      logWarn("the service does not decide: ", reply.error(), ", status ", reply.statusCode());
      warnUnlessOk(
          sendLocalResponse({.status = 503, .details = "filter_name_no_decision", .body = "try again later\n"}),
          "refusing");
      co_return;
    }
    if (reply.statusCode() != 200) {
      warnUnlessOk(sendLocalResponse({.status = 403, .details = "filter_name_refused", .body = "no\n"}), "refusing");
      co_return;
    }
    // Always set the header: a client could send it too.
    warnUnlessOk(requestHeaders().replace("x-user", reply.header("x-user").valueOr("unknown")), "setting x-user");
  }

  FilterNameRoot& root_;
};

static Register<FilterName, FilterNameRoot> registration;
