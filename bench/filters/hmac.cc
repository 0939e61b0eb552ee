// Bench job: let a request pass if its `x-signature` is the hex HMAC-SHA256 of "METHOD\nPATH\nTIMESTAMP"; otherwise
// answer with 401. The configuration is the key.
#include <optional>

#include "sluice/crypto.h"
#include "sluice/encoding.h"
#include "sluice/sluice.h"

using namespace sluice;

class Root : public RootContext {
 public:
  bool onConfigure(size_t) override {
    const auto text = configuration();
    if (!text || text->empty()) {
      logError("the configuration must be the key");
      return false;
    }
    key_.emplace(*text);
    return true;
  }

  const HmacKey& key() const { return *key_; }

 private:
  std::optional<HmacKey> key_;
};

class Stream : public HttpContext {
 public:
  explicit Stream(Root& root) : root_(root) {}

  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    if (isSigned()) return FilterHeadersStatus::Continue;
    warnUnlessOk(sendLocalResponse(401), "refusing the request");
    return FilterHeadersStatus::StopIteration;
  }

 private:
  bool isSigned() const {
    const auto headers = requestHeaders();
    const auto method = headers.get(":method");
    const auto path = headers.get(":path");
    const auto timestamp = headers.get("x-timestamp");
    const auto signature = headers.get("x-signature");
    if (!method || !path || !timestamp || !signature) return false;
    Sha256Digest claimed;
    if (!decodeHex(*signature, claimed)) return false;
    HmacSha256 hmac(root_.key());
    hmac.update(*method);
    hmac.update("\n");
    hmac.update(*path);
    hmac.update("\n");
    hmac.update(*timestamp);
    return hmac.matches(bytesOf(claimed));
  }

  const Root& root_;
};

static Register<Root, Stream> registration;
