// Asks a gRPC service whether a request may pass. It sends the request's path, and the answer is "yes" or a reason.
// Messages are plain bytes here, but can also be Protocol Buffers messages. The configuration is the name of the
// service's cluster.
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
  FilterHeadersStatus onRequestHeaders(uint32_t /*count*/, bool /*endOfStream*/) override { return run(check()); }

 private:
  Task check() {
    const std::string path(requestHeaders().get(":path").valueOr("/"));
    const auto reply = co_await grpcCall(
        {.target = root_.cluster(), .service = "policy.Policy", .method = "Check", .timeout = 500ms}, path);
    if (!reply.ok()) {
      logWarn("the service does not decide: ", reply.status(), " ", reply.statusMessage().valueOr(""));
      warnUnlessOk(
          sendLocalResponse({.status = 503, .details = "filter_name_no_decision", .body = "try again later\n"}),
          "refusing");
    } else if (const std::string_view answer = reply.message().valueOr(""); answer != "yes") {
      logInfo("refused: ", answer);
      warnUnlessOk(sendLocalResponse({.status = 403, .details = "filter_name_refused", .body = "no\n"}), "refusing");
    }
  }

  FilterNameRoot& root_;
};

static Register<FilterName, FilterNameRoot> registration;
