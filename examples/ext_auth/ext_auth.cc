// Lets a request pass only when an authorization service agrees. The filter asks the service by HTTP.
#include <cstddef>
#include <string_view>
#include <vector>

#include "common/refusal.h"
#include "ext_auth/decision.h"
#include "ext_auth/decision_cache.h"
#include "ext_auth/question.h"
#include "ext_auth/settings.h"
#include "sluice/sluice.h"

using namespace sluice;

class ExtAuthRoot : public RootContext {
 public:
  bool onConfigure(size_t) override { return settings_.parse(configuration()); }

  const Settings& settings() const { return settings_; }
  const DecisionCache& cache() const { return cache_; }

 private:
  Settings settings_;
  DecisionCache cache_{settings_};
};

constexpr Refusal kHostFailure{500, "the request cannot be checked\n", "ext_auth_host_failure"};
constexpr Refusal kServiceFailure{503, "the authorization service does not answer\n", "ext_auth_service_failure"};

class ExtAuthStream : public HttpContext {
 public:
  explicit ExtAuthStream(ExtAuthRoot& root) : root_(root) {}

  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override { return run(authorize()); }

 private:
  Task authorize() {
    const auto& settings = root_.settings();
    const auto question = Question::about(requestHeaders(), settings);
    if (!question) {
      refuse(*this, kHostFailure);
      co_return;
    }
    Sha256Digest digest{};
    if (root_.cache().enabled()) {
      digest = question->digest(settings);
      if (const auto known = root_.cache().find(digest)) {
        apply(*known);
        co_return;
      }
    }
    // The views in `question` are no longer valid after this: the callback ends here.
    const auto reply =
        co_await httpCall({.cluster = settings.cluster, .headers = question->headers(), .timeout = settings.timeout});
    const auto decision = Decision::of(reply, settings);
    if (decision) {
      if (root_.cache().enabled()) root_.cache().keep(digest, *decision);
      apply(*decision);
    } else if (settings.passesOnFailure) {
      apply({.status = 200, .headers = {}, .body = {}});
    } else {
      refuse(*this, kServiceFailure);
    }
  }

  void apply(const Decision& decision) {
    if (!decision.passes()) return answer(decision);
    // Only the service may set these headers, never the client.
    for (const auto& name : root_.settings().responseHeaders) {
      if (!warnUnlessOk(requestHeaders().remove(name), name)) return static_cast<void>(refuse(*this, kHostFailure));
    }
    for (const auto& [name, value] : decision.headers) {
      if (!warnUnlessOk(requestHeaders().add(name, value), name)) return static_cast<void>(refuse(*this, kHostFailure));
    }
  }

  // Sends the service's response to the client.
  void answer(const Decision& decision) {
    std::vector<Header> headers;
    for (const auto& [name, value] : decision.headers) headers.push_back({name, value});
    const auto sent = sendLocalResponse(
        {.status = decision.status, .details = "ext_auth_refused", .body = decision.body, .headers = headers});
    if (!warnUnlessOk(sent, "refusing")) warnUnlessOk(closeRequest(), "closing the stream");
  }

  ExtAuthRoot& root_;
};

static Register<ExtAuthRoot, ExtAuthStream> registration;
