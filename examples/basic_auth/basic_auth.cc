// Lets a request pass only with the name and password of a user, with HTTP's Basic scheme (RFC 7617). The host and the
// path of the request decide which users may pass.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basic_auth/realm.h"
#include "common/header_text.h"
#include "common/json.h"
#include "common/refusal.h"
#include "sluice/encoding.h"
#include "sluice/sluice.h"

using namespace sluice;

class BasicAuthRoot : public RootContext {
 public:
  bool onConfigure(size_t) override {
    json::Document document;
    return document.parse(configuration()) && configure(document.root());
  }

  /// The first realm to which a request belongs, or null.
  Realm* find(std::string_view host, std::string_view path) {
    const auto realm =
        std::find_if(realms_.begin(), realms_.end(), [&](const Realm& r) { return r.contains(host, path); });
    return realm == realms_.end() ? nullptr : &*realm;
  }
  bool goesByPath() const {
    return std::any_of(realms_.begin(), realms_.end(), [](const Realm& realm) { return realm.hasPath(); });
  }
  bool goesByHost() const {
    return std::any_of(realms_.begin(), realms_.end(), [](const Realm& realm) { return realm.hasHosts(); });
  }
  bool passesUnmatched() const { return passesUnmatched_; }
  bool removesCredentials() const { return removesCredentials_; }
  /// The header that tells the upstream the user's name; "" if it is not told.
  const std::string& userHeader() const { return userHeader_; }

 private:
  bool configure(json::Value root) {
    return root.isObjectOf({"realms", "unmatched", "remove_credentials", "user_header"}) && readRealms(root) &&
           readUnmatched(root) && root.read("remove_credentials", removesCredentials_) && readUserHeader(root);
  }

  bool readRealms(json::Value root) {
    realms_.clear();
    const auto realms = root.find("realms");
    if (!realms) return root.fail("missing ", "realms");
    if (!realms->isArray()) return false;
    for (const auto realm : *realms) {
      if (!realms_.emplace_back().parse(realm)) return false;
    }
    return realms_.empty() ? realms->fail("is empty") : true;
  }

  bool readUnmatched(json::Value root) {
    std::string_view unmatched = "refuse";
    if (!root.read("unmatched", unmatched)) return false;
    passesUnmatched_ = unmatched == "pass";
    return passesUnmatched_ || unmatched == "refuse" || root.find("unmatched")->fail("must be refuse or pass");
  }

  bool readUserHeader(json::Value root) {
    std::string_view name;
    if (!root.read("user_header", name)) return false;
    if (!isNameText(name)) return root.find("user_header")->fail("", name, " is not a header's name");
    userHeader_ = toLowerCase(name);
    return true;
  }

  std::vector<Realm> realms_;
  bool passesUnmatched_ = false;
  bool removesCredentials_ = true;
  std::string userHeader_;
};

constexpr Refusal kMissing{401, "a name and a password are required\n", "basic_auth_missing"};
constexpr Refusal kMalformed{401, "the authorization header is malformed\n", "basic_auth_malformed"};
constexpr Refusal kWrong{401, "the name or the password is wrong\n", "basic_auth_wrong"};
constexpr Refusal kUnmatched{403, "this is not open to anybody\n", "basic_auth_unmatched"};
constexpr Refusal kPath{400, "the path is not normalized\n", "basic_auth_path"};
constexpr Refusal kHost{400, "the host is not normalized\n", "basic_auth_host"};
constexpr Refusal kRepeated{400, "a header that may stand once stands twice\n", "basic_auth_repeated"};
constexpr Refusal kHostFailure{500, "the request cannot be checked\n", "basic_auth_host_failure"};

class BasicAuthStream : public HttpContext {
 public:
  explicit BasicAuthStream(BasicAuthRoot& root) : root_(root) {}

  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    const auto* const refusal = check();
    if (refusal == nullptr) return FilterHeadersStatus::Continue;
    if (refusal->status == 401) {
      refuse(*this, *refusal, {{"www-authenticate", realm_->challenge()}});
    } else {
      refuse(*this, *refusal);
    }
    return FilterHeadersStatus::StopIteration;
  }

 private:
  // Checks the request and prepares its headers for the upstream. Returns the reason for a refusal, or null.
  const Refusal* check();
  const Refusal* checkCredentials(std::string_view authorization);

  // The relevant headers of a request; "" for a missing one. The views are valid until the callback returns.
  struct Read {
    std::string_view authority;
    std::string_view path;
    std::string_view host;
    std::string_view authorization;
  };
  const Refusal* read(Read& headers) const;

  BasicAuthRoot& root_;
  Realm* realm_ = nullptr;
};

const Refusal* BasicAuthStream::read(Read& headers) const {
  const auto all = requestHeaders().getAll();
  if (!warnUnlessOk(all.status(), "reading the headers")) return &kHostFailure;
  const std::string_view names[] = {":authority", ":path", "host", "authorization"};
  std::string_view* const values[] = {&headers.authority, &headers.path, &headers.host, &headers.authorization};
  bool isThere[std::size(names)] = {};
  for (const auto [name, value] : *all) {
    const auto at = static_cast<size_t>(std::find(std::begin(names), std::end(names), name) - std::begin(names));
    if (at == std::size(names)) continue;
    // If there are two, the upstream might use the other one.
    if (isThere[at]) return &kRepeated;
    isThere[at] = true;
    *values[at] = value;
  }
  return nullptr;
}

const Refusal* BasicAuthStream::check() {
  Read headers;
  if (const auto* const refusal = read(headers)) return refusal;
  // Remove the client's value in any case: only this filter may tell the upstream who the user is.
  const auto& userHeader = root_.userHeader();
  if (!userHeader.empty() && !warnUnlessOk(requestHeaders().remove(userHeader), userHeader)) return &kHostFailure;
  const auto host = hostOf(headers.authority);
  // HTTP/2 can have both, and an upstream may use `host`.
  const bool isOne = headers.host.empty() || hostOf(headers.host) == host;
  if (root_.goesByHost() && (!host || !isOne)) return &kHost;
  // CONNECT has no path.
  if (root_.goesByPath() && !headers.path.empty() && !isNormalPath(headers.path)) return &kPath;
  realm_ = root_.find(host.value_or(""), headers.path);
  if (realm_ == nullptr) return root_.passesUnmatched() ? nullptr : &kUnmatched;
  return realm_->isPublic() ? nullptr : checkCredentials(headers.authorization);
}

const Refusal* BasicAuthStream::checkCredentials(std::string_view authorization) {
  constexpr std::string_view kScheme = "basic ";
  constexpr size_t kMaxSize = 1024;  // of the base64 text, which limits the size of the password
  if (toLowerCase(authorization.substr(0, kScheme.size())) != kScheme) return &kMissing;
  auto encoded = authorization.substr(kScheme.size());
  while (encoded.starts_with(' ')) encoded.remove_prefix(1);
  const auto credentials = encoded.size() > kMaxSize ? std::nullopt : decodeBase64(encoded);
  const auto colon = credentials ? credentials->find(':') : std::string::npos;
  if (colon == std::string::npos || !isValueText(*credentials)) return &kMalformed;
  const auto name = std::string_view(*credentials).substr(0, colon);
  if (!realm_->admits(name, std::string_view(*credentials).substr(colon + 1))) return &kWrong;
  if (root_.removesCredentials() && !warnUnlessOk(requestHeaders().remove("authorization"), "authorization"))
    return &kHostFailure;
  const auto& userHeader = root_.userHeader();
  if (!userHeader.empty() && !warnUnlessOk(requestHeaders().replace(userHeader, name), userHeader))
    return &kHostFailure;
  return nullptr;
}

static Register<BasicAuthRoot, BasicAuthStream> registration;
