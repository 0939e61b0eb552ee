// Limits how many requests pass: a token bucket for each client, which all workers share.
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

// So that a limit of a million a second is still a nanosecond a token or more.
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

  /// Who the client says it is, or is; null when there is an answer, else why it is refused.
  const Refusal* readClient(const HeaderMap& headers, std::string_view& client) const;
  /// Where the bucket of a client is.
  std::string placeOf(std::string_view client) const;

 private:
  bool configure(json::Value root);
  bool readKey(json::Value root);
  bool readFailure(json::Value root);
  const Refusal* readHeader(const HeaderMap& headers, std::string_view& client) const;
  const Refusal* readProperty(std::string_view& client) const;

  Bucket bucket_;
  std::string name_;
  std::string header_;    // whose value tells clients apart
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
    // A client that sends another one before its own would have a new bucket each time.
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
  // The port is another one with each connection. 0 is none: Envoy has such an address from x-forwarded-for, in which a
  // client can write what it likes.
  const auto colon = client.rfind(':');
  const bool isForwarded = client.substr(std::min(colon, client.size())) == ":0";
  client = isForwarded && !trustsForwarded_ ? std::string_view() : client.substr(0, colon);
  return nullptr;
}

// Shared data is never forgotten: so there is a bounded number of buckets, whoever the clients say they are.
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
    // A refusal, which passes here too, has them.
    if (!root_.addsHeaders() || refused_ || limit_.empty()) return FilterHeadersStatus::Continue;
    warnUnlessOk(responseHeaders().replace("x-ratelimit-limit", limit_), "adding x-ratelimit-limit");
    warnUnlessOk(responseHeaders().replace("x-ratelimit-remaining", remaining_), "adding x-ratelimit-remaining");
    warnUnlessOk(responseHeaders().replace("x-ratelimit-reset", reset_), "adding x-ratelimit-reset");
    return FilterHeadersStatus::Continue;
  }

 private:
  // Nothing when the host fails, or other workers were first each time.
  std::optional<Bucket::Outcome> takeToken(std::string_view client) const {
    const auto now = currentTime();
    if (!warnUnlessOk(now.status(), "reading the clock")) return std::nullopt;
    Bucket::Outcome outcome{};
    const auto status =
        updateSharedData<int64_t>(root_.placeOf(client), [&](std::optional<int64_t> fullAt) -> Result<int64_t> {
          outcome = root_.bucket().take(fullAt.value_or(0), now->time_since_epoch().count());
          // An empty bucket stays as it is, unless it says what cannot be.
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
