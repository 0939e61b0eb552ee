// Lets a request pass only when its `x-signature` is the HMAC-SHA256 of what it asks for, under a key that both ends
// know:
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

using namespace sluice;

// Why a request is refused: the reasons, which the client sees, tell nothing of the keys.
constexpr Refusal kIncomplete{401, "x-key-id, x-timestamp and x-signature are required\n", "hmac_check_incomplete"};
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

class HmacCheckStream : public HttpContext {
 public:
  explicit HmacCheckStream(const HmacCheckRoot& root) : root_(root) {}

  FilterHeadersStatus onRequestHeaders(uint32_t, bool endOfStream) override {
    if (!readHeaders()) return FilterHeadersStatus::StopIteration;
    // The headers wait for the body. Envoy shows the body meanwhile only with `allow_on_headers_stop_iteration`.
    if (root_.signBody() && !endOfStream) return FilterHeadersStatus::StopIteration;
    return verify() ? FilterHeadersStatus::Continue : FilterHeadersStatus::StopIteration;
  }

  FilterDataStatus onRequestBody(size_t size, bool endOfStream) override {
    if (state_ == State::Verified) return FilterDataStatus::Continue;
    if (state_ == State::Refused || !readBody(size)) return FilterDataStatus::StopIterationNoBuffer;
    if (!endOfStream) return FilterDataStatus::StopIterationAndBuffer;
    return verify() ? FilterDataStatus::Continue : FilterDataStatus::StopIterationNoBuffer;
  }

  FilterTrailersStatus onRequestTrailers(uint32_t) override {
    const bool good = state_ == State::Verified || (state_ == State::Reading && verify());
    return good ? FilterTrailersStatus::Continue : FilterTrailersStatus::StopIteration;
  }

 private:
  enum class State : uint8_t { Reading, Verified, Refused };

  // Takes in the headers; false when that ends in a refusal.
  bool readHeaders();
  // Takes in what is new of a body that has `size` bytes so far.
  bool readBody(size_t size);
  // Compares the signatures.
  bool verify();
  // Answers the client. Gives false, so that it can end the functions above.
  bool refuse(const Refusal& refusal);

  // A header's value, or nothing after a refusal.
  std::optional<std::string_view> require(std::string_view name);
  bool checkTime(std::string_view timestamp);

  const HmacCheckRoot& root_;
  std::optional<HmacSha256> hmac_;
  Sha256Digest claimed_;
  size_t bodySize_ = 0;  // how much of the body has been taken in
  State state_ = State::Reading;
};

bool HmacCheckStream::readHeaders() {
  const auto method = require(":method");
  const auto path = method ? require(":path") : std::nullopt;
  const auto keyId = path ? require("x-key-id") : std::nullopt;
  const auto timestamp = keyId ? require("x-timestamp") : std::nullopt;
  const auto signature = timestamp ? require("x-signature") : std::nullopt;
  if (!signature) return false;
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

std::optional<std::string_view> HmacCheckStream::require(std::string_view name) {
  const auto value = requestHeaders().get(name);
  if (value) return *value;
  if (value.status() == Status::NotFound) {
    refuse(kIncomplete);
  } else {
    warnUnlessOk(value.status(), name);
    refuse(kHostFailure);
  }
  return std::nullopt;
}

bool HmacCheckStream::checkTime(std::string_view timestamp) {
  // Ten digits last until the year 2286.
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

bool HmacCheckStream::verify() {
  if (!hmac_->matches(bytesOf(claimed_))) return refuse(kWrongSignature);
  state_ = State::Verified;
  return true;
}

bool HmacCheckStream::refuse(const Refusal& refusal) {
  state_ = State::Refused;
  ::refuse(*this, refusal);
  return false;
}

static Register<HmacCheckRoot, HmacCheckStream> registration;
