// Asks an authorization service about each request, and remembers what it decides for a while.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/header_text.h"
#include "common/host_failure.h"
#include "common/json.h"
#include "common/refusal.h"
#include "common/sha256.h"
#include "ext_auth/decision.h"
#include "sluice/sluice.h"

using namespace sluice;

class ExtAuthRoot : public RootContext {
 public:
  bool onConfigure(size_t) override {
    json::Document document;
    return document.parse(configuration()) && configure(document.root());
  }

  /// The service, and what it is asked by.
  const std::string& cluster() const { return cluster_; }
  const std::string& authority() const { return authority_; }
  const std::string& path() const { return path_; }
  std::chrono::milliseconds timeout() const { return std::chrono::milliseconds(timeout_); }
  /// Whether requests pass while the service gives no answer.
  bool passesWhenUnavailable() const { return passesWhenUnavailable_; }
  /// Headers of the request that the service gets, and headers of its answer that the upstream gets.
  const std::vector<std::string>& sentHeaders() const { return sentHeaders_; }
  const std::vector<std::string>& takenHeaders() const { return takenHeaders_; }
  /// How long a decision is remembered; 0: it is not.
  std::chrono::seconds remembered() const { return std::chrono::seconds(remembered_); }

 private:
  bool configure(json::Value root) {
    return root.isObjectOf({"cluster", "authority", "path", "timeout_ms", "when_unavailable", "send_headers",
                            "take_headers", "remember_seconds"}) &&
           readService(root) && root.read("timeout_ms", timeout_, 1, 60'000) && readPolicy(root) &&
           readHeaders(root, "send_headers", sentHeaders_) && readHeaders(root, "take_headers", takenHeaders_) &&
           root.read("remember_seconds", remembered_, 0, 86'400);
  }

  bool readService(json::Value root) {
    std::string_view cluster;
    std::string_view path = "/";
    if (!root.require("cluster", cluster) || !root.read("path", path)) return false;
    if (cluster.empty()) return root.find("cluster")->fail("is empty");
    std::string_view authority = cluster;
    if (!root.read("authority", authority)) return false;
    if (!path.starts_with('/') || !isValueText(path)) return root.find("path")->fail("must begin with /");
    if (authority.empty() || !isValueText(authority)) return root.fail("authority is no host's name");
    cluster_ = cluster;
    authority_ = authority;
    path_ = path;
    return true;
  }

  bool readPolicy(json::Value root) {
    std::string_view policy = "refuse";
    if (!root.read("when_unavailable", policy)) return false;
    passesWhenUnavailable_ = policy == "pass";
    return passesWhenUnavailable_ || policy == "refuse" ||
           root.find("when_unavailable")->fail("must be refuse or pass");
  }

  static bool readHeaders(json::Value root, std::string_view key, std::vector<std::string>& names) {
    names.clear();
    const auto list = root.find(key);
    if (!list) return true;
    if (!list->isArray()) return false;
    for (const auto name : *list) {
      if (!name.isString()) return false;
      if (name.text().empty() || !isNameText(name.text())) return name.fail("", name.text(), " is not a header's name");
      names.push_back(toLowerCase(name.text()));
    }
    return true;
  }

  std::string cluster_;
  std::string authority_;
  std::string path_;
  uint32_t timeout_ = 1000;
  bool passesWhenUnavailable_ = false;
  std::vector<std::string> sentHeaders_;
  std::vector<std::string> takenHeaders_;
  uint32_t remembered_ = 0;
};

constexpr Refusal kUnavailable{503, "the request cannot be checked now\n", "ext_auth_unavailable"};
constexpr Refusal kHostFailure{500, "the request cannot be checked\n", "ext_auth_host_failure"};

/// What the service is asked, and what tells one question from another. Copies: the request's own headers are gone when
/// the reply is here.
class Question {
 public:
  /// False when the host fails to say what was requested.
  bool read(const ExtAuthRoot& root, const HeaderMap& request) {
    add(":method", "GET");
    add(":path", root.path());
    add(":authority", root.authority());
    if (!copy(request, ":method", "x-original-method") || !copy(request, ":authority", "x-original-host") ||
        !copy(request, ":path", "x-original-path"))
      return false;
    return std::all_of(root.sentHeaders().begin(), root.sentHeaders().end(),
                       [&](const std::string& name) { return copy(request, name, name); });
  }

  std::vector<Header> headers() const {
    std::vector<Header> headers;
    for (const auto& [name, value] : headers_) headers.push_back({name, value});
    return headers;
  }

  crypto::Digest digest(std::string_view cluster) const {
    crypto::Sha256 hash;
    update(hash, cluster);
    for (const auto& [name, value] : headers_) {
      update(hash, name);
      update(hash, value);
    }
    return hash.finish();
  }

 private:
  void add(std::string_view name, std::string_view value) { headers_.emplace_back(name, value); }
  // A header that is not there is not sent.
  bool copy(const HeaderMap& request, std::string_view from, std::string_view to) {
    const auto value = request.get(from);
    if (hasFailed(value.status(), from)) return false;
    if (value) add(to, *value);
    return true;
  }
  // With its size, so that what belongs to one text cannot be taken for another's.
  static void update(crypto::Sha256& hash, std::string_view text) {
    const auto size = static_cast<uint32_t>(text.size());
    hash.update({reinterpret_cast<const char*>(&size), sizeof size});
    hash.update(text);
  }

  std::vector<std::pair<std::string, std::string>> headers_;
};

class ExtAuthStream : public HttpContext {
 public:
  explicit ExtAuthStream(ExtAuthRoot& root) : root_(root) {}

  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override { return run(authorize()); }

 private:
  Task authorize() {
    Question question;
    if (!question.read(root_, requestHeaders()) || !removeTakenHeaders()) {
      refuse(*this, kHostFailure);
      co_return;
    }
    const auto digest = question.digest(root_.cluster());
    if (const auto known = recall(digest)) {
      carryOut(*known);
      co_return;
    }
    const auto headers = question.headers();
    const auto reply = co_await httpCall(root_.cluster(), headers, {}, {}, root_.timeout());
    const auto decision = decide(reply);
    if (decision) {
      remember(digest, *decision);
      carryOut(*decision);
    } else if (!root_.passesWhenUnavailable()) {
      refuse(*this, kUnavailable);
    }
  }

  // Only the service says what stands in these.
  bool removeTakenHeaders() const {
    const auto& names = root_.takenHeaders();
    return std::all_of(names.begin(), names.end(),
                       [this](const std::string& name) { return warnUnlessOk(requestHeaders().remove(name), name); });
  }

  // Nothing when the service gave no answer.
  std::optional<Decision> decide(const HttpReply& reply) const {
    Decision decision{reply.statusCode(), {}};
    if (!reply.ok() || decision.status < 200 || decision.status >= 500) {
      logWarn("the authorization service gives no answer: ", reply.error(), ", status ", decision.status);
      return std::nullopt;
    }
    // Neither yes nor no, such as a redirection, is no.
    static const std::vector<std::string> kForClients = {"www-authenticate"};
    for (const auto& name : decision.passes() ? root_.takenHeaders() : kForClients) {
      const auto value = reply.header(name);
      if (hasFailed(value.status(), name)) return std::nullopt;
      if (value) decision.headers.emplace_back(name, *value);
    }
    if (!decision.passes() && decision.status < 400) decision.status = 403;
    return decision;
  }

  void carryOut(const Decision& decision) {
    if (decision.passes()) {
      for (const auto& [name, value] : decision.headers) {
        if (!warnUnlessOk(requestHeaders().replace(name, value), name)) {
          refuse(*this, kHostFailure);
          return;
        }
      }
      return;
    }
    std::vector<Header> headers;
    for (const auto& [name, value] : decision.headers) headers.push_back({name, value});
    refuse(*this, {decision.status, "the request is not allowed\n", "ext_auth_denied"}, headers);
  }

  std::optional<Decision> recall(const crypto::Digest& digest) const {
    if (root_.remembered().count() == 0) return std::nullopt;
    const auto now = currentTime();
    if (!warnUnlessOk(now.status(), "asking for the time")) return std::nullopt;
    return findDecision(digest, *now);
  }
  void remember(const crypto::Digest& digest, const Decision& decision) const {
    if (root_.remembered().count() == 0) return;
    const auto now = currentTime();
    if (warnUnlessOk(now.status(), "asking for the time"))
      rememberDecision(digest, decision, *now + root_.remembered());
  }

  ExtAuthRoot& root_;
};

static Register<ExtAuthRoot, ExtAuthStream> registration;
