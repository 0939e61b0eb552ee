// For tests: computes what its configuration asks for and logs it, so that sha256.h is tested as WebAssembly too.
//
//   sha256 COUNT\nTEXT          the digest of COUNT times TEXT
//   hmac KEY\nTEXT              the HMAC of TEXT; KEY in hexadecimal digits
#include <cstdint>
#include <string>
#include <string_view>

#include "common/hex.h"
#include "common/sha256.h"
#include "sluice/sluice.h"

using namespace sluice;

class Root : public RootContext {
 public:
  bool onConfigure(size_t) override {
    const auto configuration = this->configuration();
    if (!configuration) return false;
    const auto space = configuration->find(' ');
    const auto newline = configuration->find('\n');
    if (space > newline || newline == std::string_view::npos) return false;
    const auto argument = configuration->substr(space + 1, newline - space - 1);
    const auto text = configuration->substr(newline + 1);
    if (configuration->starts_with("sha256")) return sha256(argument, text);
    return hmac(argument, text);
  }

 private:
  static bool sha256(std::string_view count, std::string_view text) {
    unsigned times = 0;
    for (const char c : count) times = 10 * times + static_cast<unsigned>(c - '0');
    crypto::Sha256 hash;
    for (unsigned i = 0; i < times; ++i) hash.update(text);
    return report(hash.finish());
  }

  static bool hmac(std::string_view keyDigits, std::string_view text) {
    unsigned char key[256];
    const size_t size = keyDigits.size() / 2;
    if (size > sizeof key || !hex::decode(keyDigits, key, size)) return false;
    crypto::HmacSha256 hmac(crypto::HmacKey({reinterpret_cast<const char*>(key), size}));
    hmac.update(text.substr(0, text.size() / 3));
    hmac.update(text.substr(text.size() / 3));
    return report(hmac.finish());
  }

  static bool report(const crypto::Digest& digest) {
    logInfo(hex::encode(digest.data(), digest.size()));
    return true;
  }
};

static Register<Root> registration;
