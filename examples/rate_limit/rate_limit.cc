// Limits the rate of requests: each client has a token bucket, which all workers share.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/header_text.h"
#include "common/host_failure.h"
#include "common/json.h"
#include "common/refusal.h"
#include "rate_limit/bucket.h"
#include "sluice/sluice.h"

using namespace sluice;

// The maximum limit: even with a million tokens per second, a token takes at least a nanosecond.
constexpr uint32_t kMaxLimit = 1'000'000;
constexpr uint32_t kMaxWindow = 86'400;
constexpr uint32_t kMaxBuckets = 1'000'000;
constexpr int64_t kSecond = 1'000'000'000;
constexpr std::string_view kSourceAddress = property::kSourceAddress.path();

constexpr Refusal kLimited{429, "too many requests\n", "rate_limit_limited"};
constexpr Refusal kRepeated{400, "what tells clients apart stands twice\n", "rate_limit_repeated"};
constexpr Refusal kFailure{503, "the limit cannot be checked\n", "rate_limit_failure"};

class RateLimitRoot : public RootContext {
 public:
  bool onConfigure(size_t) override {
    json::Document document;
    return document.parse(configuration()) && configure(document.root());
  }

  const Bucket& bucket() const { return bucket_; }
  bool passesOnFailure() const { return passesOnFailure_; }
  bool addsHeaders() const { return addsHeaders_; }

  /// Reads the client's name or address into `client`. Returns null, or the reason for a refusal.
  const Refusal* readClient(const HeaderMap& headers, std::string_view& client) const;
  /// The key of a client's bucket in shared data.
  std::string placeOf(std::string_view client) const;

 private:
  bool configure(json::Value root);
  bool readKey(json::Value root);
  bool readFailure(json::Value root);
  const Refusal* readHeader(const HeaderMap& headers, std::string_view& client) const;
  const Refusal* readProperty(std::string_view& client) const;

  Bucket bucket_;
  std::string name_;
  std::string header_;    // the header that identifies clients
  std::string property_;  // or the path of a property, with NULs between the segments
  uint32_t buckets_ = 10'000;
  bool trustsForwarded_ = false;
  bool passesOnFailure_ = true;
  bool addsHeaders_ = true;
};

bool RateLimitRoot::configure(json::Value root) {
  uint32_t limit = 0;
  uint32_t window = 1;
  std::string_view name = "rate_limit";
  if (!root.isObjectOf({"limit", "window_seconds", "name", "header", "property", "trust_forwarded", "buckets",
                        "on_failure", "headers"}) ||
      !root.read("limit", limit, 1, kMaxLimit) || !root.read("window_seconds", window, 1, kMaxWindow) ||
      !root.read("name", name) || !root.read("buckets", buckets_, 1, kMaxBuckets) ||
      !root.read("headers", addsHeaders_) || !readKey(root) || !readFailure(root))
    return false;
  if (limit == 0) return root.fail("missing ", "limit");
  bucket_ = Bucket(limit, window * kSecond);
  name_ = name;
  return true;
}

bool RateLimitRoot::readKey(json::Value root) {
  std::string_view header;
  std::string_view property;
  if (!root.read("header", header) || !root.read("property", property)) return false;
  if (const auto value = root.find("header")) {
    if (header.empty() || !isNameText(header.substr(header.front() == ':' ? 1 : 0)))
      return value->fail("must be a header's name");
    if (root.find("property")) return value->fail("clients are told apart by a header or by a property, not by both");
  }
  if (const auto value = root.find("property"); value && property.empty()) return value->fail("is empty");
  header_ = toLowerCase(header);
  property_ = property;
  for (char& c : property_) c = c == '.' ? '\0' : c;
  if (!root.read("trust_forwarded", trustsForwarded_)) return false;
  if (const auto value = root.find("trust_forwarded"); value && property_ != kSourceAddress)
    return value->fail("has no meaning unless clients are told apart by source.address");
  return true;
}

bool RateLimitRoot::readFailure(json::Value root) {
  std::string_view action = "pass";
  if (!root.read("on_failure", action)) return false;
  if (action != "pass" && action != "refuse") return root.find("on_failure")->fail("must be pass or refuse");
  passesOnFailure_ = action == "pass";
  return true;
}

// FNV-1a.
static uint64_t hashOf(std::string_view text) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

const Refusal* RateLimitRoot::readClient(const HeaderMap& headers, std::string_view& client) const {
  if (!header_.empty()) return readHeader(headers, client);
  return property_.empty() ? nullptr : readProperty(client);
}

const Refusal* RateLimitRoot::readHeader(const HeaderMap& headers, std::string_view& client) const {
  const auto all = headers.getAll();
  if (!warnUnlessOk(all.status(), "reading the headers")) return &kFailure;
  bool isThere = false;
  for (const auto [name, value] : *all) {
    if (name != header_) continue;
    // With a second header a client could choose a new bucket each time.
    if (isThere) return &kRepeated;
    isThere = true;
    client = value;
  }
  return nullptr;
}

const Refusal* RateLimitRoot::readProperty(std::string_view& client) const {
  const auto value = getProperty({property_});
  if (hasFailed(value.status(), "reading the property")) return &kFailure;
  client = value.valueOr("");
  if (property_ != kSourceAddress) return nullptr;
  // The port differs for each connection. Port 0 means no port: Envoy has taken such an address from x-forwarded-for,
  // which a client can set to anything.
  const auto colon = client.rfind(':');
  const bool isForwarded = client.substr(std::min(colon, client.size())) == ":0";
  client = isForwarded && !trustsForwarded_ ? std::string_view() : client.substr(0, colon);
  return nullptr;
}

// Hosts never delete shared data, so the number of buckets is limited, whatever names clients send.
std::string RateLimitRoot::placeOf(std::string_view client) const {
  return name_ + '/' + std::to_string(hashOf(client) % buckets_);
}

class RateLimitStream : public HttpContext {
 public:
  explicit RateLimitStream(const RateLimitRoot& root) : root_(root) {}

  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    std::string_view client;
    const auto* refusal = root_.readClient(requestHeaders(), client);
    const auto outcome = refusal == nullptr ? takeToken(client) : std::nullopt;
    if (refusal == nullptr && !outcome) refusal = &kFailure;
    if (refusal == &kFailure && root_.passesOnFailure()) return FilterHeadersStatus::Continue;
    if (outcome) setNumbers(*outcome);
    if (outcome && !outcome->taken) refusal = &kLimited;
    if (refusal == nullptr) return FilterHeadersStatus::Continue;
    refused_ = true;
    if (refusal != &kLimited) {
      refuse(*this, *refusal);
    } else {
      refuse(*this, kLimited,
             {{"retry-after", retryAfter_},
              {"x-ratelimit-limit", limit_},
              {"x-ratelimit-remaining", remaining_},
              {"x-ratelimit-reset", reset_}});
    }
    return FilterHeadersStatus::StopIteration;
  }

  FilterHeadersStatus onResponseHeaders(uint32_t, bool) override {
    // A refusal also passes through this callback and already has these headers.
    if (!root_.addsHeaders() || refused_ || limit_.empty()) return FilterHeadersStatus::Continue;
    warnUnlessOk(responseHeaders().replace("x-ratelimit-limit", limit_), "adding x-ratelimit-limit");
    warnUnlessOk(responseHeaders().replace("x-ratelimit-remaining", remaining_), "adding x-ratelimit-remaining");
    warnUnlessOk(responseHeaders().replace("x-ratelimit-reset", reset_), "adding x-ratelimit-reset");
    return FilterHeadersStatus::Continue;
  }

 private:
  // Returns nothing when a hostcall fails, or when other workers were faster in every attempt.
  std::optional<Bucket::Outcome> takeToken(std::string_view client) const {
    const auto now = currentTime();
    if (!warnUnlessOk(now.status(), "reading the clock")) return std::nullopt;
    Bucket::Outcome outcome{};
    const auto status =
        updateSharedData<int64_t>(root_.placeOf(client), [&](std::optional<int64_t> fullAt) -> Result<int64_t> {
          outcome = root_.bucket().take(fullAt.value_or(0), now->time_since_epoch().count());
          // An empty bucket need not be written, unless its stored value was impossible.
          if (!outcome.taken && fullAt == outcome.fullAt) return Status::Empty;
          return outcome.fullAt;
        });
    if (status == Status::Empty && outcome.wait > 0) return outcome;
    if (!warnUnlessOk(status, "taking a token")) return std::nullopt;
    return outcome;
  }

  void setNumbers(const Bucket::Outcome& outcome) {
    const auto seconds = [](int64_t time) { return std::to_string((time + kSecond - 1) / kSecond); };
    limit_ = std::to_string(root_.bucket().limit());
    remaining_ = std::to_string(outcome.remaining);
    reset_ = seconds(outcome.untilFull);
    retryAfter_ = seconds(outcome.wait);
  }

  const RateLimitRoot& root_;
  bool refused_ = false;
  std::string limit_;
  std::string remaining_;
  std::string reset_;
  std::string retryAfter_;
};

static Register<RateLimitRoot, RateLimitStream> registration;
