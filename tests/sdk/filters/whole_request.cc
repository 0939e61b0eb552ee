// A WholeRequest filter. The configuration is a list of words: "refuse" (answers 403 in onWholeRequest), "wait" (keeps
// the request for a callout), "tunnels" (lets tunnels pass), "start" and "bytes" (refuses in onRequestStart or
// onRequestBytes), "pass" (lets the request pass in onRequestStart).
#include <sluice/sluice.h>
#include <sluice/whole_request.h>

#include <string>
#include <string_view>

using namespace sluice;

class Root : public RootContext {
 public:
  bool onConfigure(size_t) override {
    words_ = configuration().valueOr("");
    return true;
  }
  bool has(std::string_view word) const { return words_.find(word) != std::string::npos; }

 private:
  std::string words_;
};

class Stream : public WholeRequest {
 public:
  explicit Stream(Root& root) : root_(root) {}

  Start onRequestStart() override {
    if (root_.has("pass")) return Start::Pass;
    if (!root_.has("start")) return Start::Await;
    refuse();
    return Start::Refuse;
  }
  bool onRequestBytes(size_t size) override {
    logInfo("bytes ", size);
    return !root_.has("bytes") || refuse();
  }
  bool onWholeRequest(size_t bodySize) override {
    const auto body = requestBody().get(0, bodySize);
    const auto trailers = requestTrailers().getAll();
    logInfo("whole ", bodySize, ": ", body.valueOr(""), trailers && trailers->size() != 0 ? ", with trailers" : "");
    if (root_.has("refuse")) return refuse();
    if (!root_.has("wait")) return true;
    callout();
    return false;
  }
  bool onTunnelRequest() override {
    logInfo("tunnel");
    return root_.has("tunnels") || WholeRequest::onTunnelRequest();
  }

 private:
  bool refuse() {
    warnUnlessOk(sendLocalResponse(403), "refusing");
    return false;
  }
  void callout();

  Root& root_;
};

void Stream::callout() {
  const auto status = httpCall({.cluster = "service",
                                .headers = {{":method", "GET"}, {":path", "/"}, {":authority", "service"}},
                                .timeout = std::chrono::seconds(1)},
                               [this](const HttpReply&) { warnUnlessOk(continueRequest(), "continuing"); });
  warnUnlessOk(status, "asking");
}

static Register<Root, Stream> registration;
