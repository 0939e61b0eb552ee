// Lets a request pass only when its `x-signature` is the HMAC-SHA256 of the request, with a key that both ends know.
// The signed text is
//
//   METHOD \n PATH \n TIMESTAMP            and, with "sign_body":            \n BODY
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/json.h"
#include "common/refusal.h"
#include "sluice/crypto.h"
#include "sluice/encoding.h"
#include "sluice/sluice.h"
#include "sluice/whole_request.h"

using namespace sluice;

// Reasons for a refusal. The client sees them, so they reveal nothing about the keys.
constexpr Refusal kIncomplete{401, "x-key-id, x-timestamp and x-signature are required\n", "hmac_check_incomplete"};
constexpr Refusal kRepeated{401, "x-key-id, x-timestamp and x-signature must stand once each\n", "hmac_check_repeated"};
constexpr Refusal kTunnel{403, "what goes through a tunnel cannot be signed\n", "hmac_check_tunnel"};
constexpr Refusal kMalformed{401, "x-timestamp or x-signature is malformed\n", "hmac_check_malformed"};
constexpr Refusal kClockSkew{401, "x-timestamp is too far from the present time\n", "hmac_check_clock_skew"};
constexpr Refusal kUnknownKey{401, "the signature does not match\n", "hmac_check_unknown_key"};
constexpr Refusal kWrongSignature{401, "the signature does not match\n", "hmac_check_wrong_signature"};
constexpr Refusal kHostFailure{500, "the signature cannot be checked\n", "hmac_check_host_failure"};

class HmacCheckRoot : public RootContext {
 public:
  bool onConfigure(size_t) override {
    json::Document document;
    return document.parse(configuration()) && configure(document.root());
  }

  const HmacKey* findKey(std::string_view id) const {
    for (const auto& key : keys_) {
      if (key.id == id) return &key.key;
    }
    return nullptr;
  }
  std::chrono::seconds maxClockSkew() const { return std::chrono::seconds(maxClockSkew_); }
  bool signBody() const { return signBody_; }

 private:
  struct Key {
    std::string id;
    HmacKey key;
  };

  bool configure(json::Value root) {
    keys_.clear();
    return root.isObjectOf({"keys", "max_clock_skew_seconds", "sign_body"}) &&
           root.read("max_clock_skew_seconds", maxClockSkew_, 1, UINT32_MAX) && root.read("sign_body", signBody_) &&
           addKeys(root);
  }

  bool addKeys(json::Value root) {
    const auto keys = root.find("keys");
    if (!keys) return root.fail("missing ", "keys");
    if (!keys->isObject()) return false;
    for (const auto key : *keys) {
      if (!addKey(key)) return false;
    }
    return keys_.empty() ? keys->fail("must have at least one key") : true;
  }

  bool addKey(json::Value value) {
    constexpr size_t kMaxKeys = 100;
    constexpr size_t kMinSize = 16;
    constexpr size_t kMaxSize = 64;
    if (keys_.size() == kMaxKeys) return value.fail("there are more than 100 keys");
    if (value.key().empty()) return value.fail("the key's id is empty");
    if (findKey(value.key()) != nullptr) return value.fail("given twice");
    if (!value.isString()) return false;
    const auto size = value.text().size() / 2;
    if (size < kMinSize || size > kMaxSize) return value.fail("must be 16 to 64 bytes in hexadecimal digits");
    const auto bytes = decodeHex(value.text());
    if (!bytes) return value.fail("must be hexadecimal digits, two for each byte");
    keys_.push_back({std::string(value.key()), HmacKey(*bytes)});
    return true;
  }

  std::vector<Key> keys_;
  uint32_t maxClockSkew_ = 300;
  bool signBody_ = false;
};

class HmacCheckStream : public WholeRequest {
 public:
  explicit HmacCheckStream(const HmacCheckRoot& root) : root_(root) {}

  Start onRequestStart() override {
    if (!readHeaders()) return Start::Refuse;
    if (root_.signBody()) return Start::Await;
    return verify() ? Start::Pass : Start::Refuse;
  }
  bool onRequestBytes(size_t size) override { return readBody(size); }
  bool onWholeRequest(size_t) override { return verify(); }
  bool onTunnelRequest() override { return refuse(kTunnel); }

 private:
  // Reads the headers; false after a refusal.
  bool readHeaders();
  // Processes the new bytes of a body that has `size` bytes so far.
  bool readBody(size_t size);
  // Compares the signatures.
  bool verify();
  // Sends a local response. Returns false, as the result for the functions above.
  bool refuse(const Refusal& refusal);

  bool checkTime(std::string_view timestamp);

  const HmacCheckRoot& root_;
  std::optional<HmacSha256> hmac_;
  Sha256Digest claimed_;
  size_t bodySize_ = 0;  // the number of bytes of the body that were processed
};

bool HmacCheckStream::readHeaders() {
  const auto all = requestHeaders().getAll();
  if (!warnUnlessOk(all.status(), "reading the headers")) return refuse(kHostFailure);
  std::optional<std::string_view> method;
  std::optional<std::string_view> path;
  std::optional<std::string_view> keyId;
  std::optional<std::string_view> timestamp;
  std::optional<std::string_view> signature;
  for (const auto [name, value] : *all) {
    auto* const wanted = name == ":method"       ? &method
                         : name == ":path"       ? &path
                         : name == "x-key-id"    ? &keyId
                         : name == "x-timestamp" ? &timestamp
                         : name == "x-signature" ? &signature
                                                 : nullptr;
    if (wanted == nullptr) continue;
    // If there are two, the upstream might use the one that was not checked.
    if (*wanted) return refuse(kRepeated);
    *wanted = value;
  }
  if (!method || !path || !keyId || !timestamp || !signature) return refuse(kIncomplete);
  if (!decodeHex(*signature, claimed_)) return refuse(kMalformed);
  if (!checkTime(*timestamp)) return false;
  const auto* const key = root_.findKey(*keyId);
  if (key == nullptr) return refuse(kUnknownKey);
  hmac_.emplace(*key);
  hmac_->update(*method);
  hmac_->update("\n");
  hmac_->update(*path);
  hmac_->update("\n");
  hmac_->update(*timestamp);
  if (root_.signBody()) hmac_->update("\n");
  return true;
}

bool HmacCheckStream::checkTime(std::string_view timestamp) {
  // Ten digits are enough until the year 2286.
  constexpr size_t kMaxDigits = 10;
  uint64_t seconds = 0;
  const char* const end = timestamp.data() + timestamp.size();
  const auto parsed = std::from_chars(timestamp.data(), end, seconds);
  if (timestamp.size() > kMaxDigits || parsed.ec != std::errc() || parsed.ptr != end) return refuse(kMalformed);
  const auto now = currentTime();
  if (!warnUnlessOk(now.status(), "reading the clock")) return refuse(kHostFailure);
  const auto present = std::chrono::duration_cast<std::chrono::seconds>(now->time_since_epoch());
  const auto skew = present - std::chrono::seconds(static_cast<int64_t>(seconds));
  return skew > root_.maxClockSkew() || skew < -root_.maxClockSkew() ? refuse(kClockSkew) : true;
}

bool HmacCheckStream::readBody(size_t size) {
  if (size <= bodySize_) return true;
  const auto bytes = requestBody().get(bodySize_, size - bodySize_);
  if (!warnUnlessOk(bytes.status(), "reading the body")) return refuse(kHostFailure);
  if (bytes->size() != size - bodySize_) {
    logWarn("the body has ", size, " bytes, but only ", bodySize_ + bytes->size(), " can be read");
    return refuse(kHostFailure);
  }
  hmac_->update(*bytes);
  bodySize_ = size;
  return true;
}

bool HmacCheckStream::verify() { return hmac_->matches(bytesOf(claimed_)) || refuse(kWrongSignature); }

bool HmacCheckStream::refuse(const Refusal& refusal) {
  ::refuse(*this, refusal);
  return false;
}

static Register<HmacCheckRoot, HmacCheckStream> registration;
