// Decoders accept exactly what the encoders write, and no input crashes them. Digests do not depend on where their
// input is cut.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/crypto.h"
#include "sluice/encoding.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

std::string toLowerCase(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // A separate allocation, so that the sanitizer catches a read past its end.
  const std::vector<char> copy(data, data + size);
  const std::string_view text(copy.data(), copy.size());

  if (const auto bytes = sluice::decodeHex(text)) require(sluice::encodeHex(*bytes) == toLowerCase(std::string(text)));
  if (const auto bytes = sluice::decodeBase64(text)) require(sluice::encodeBase64(*bytes) == text);
  if (const auto bytes = sluice::decodeBase64Url(text)) require(sluice::encodeBase64Url(*bytes) == text);
  require(sluice::decodeHex(sluice::encodeHex(text)) == text);
  require(sluice::decodeBase64(sluice::encodeBase64(text)) == text);
  require(sluice::decodeBase64Url(sluice::encodeBase64Url(text)) == text);

  const size_t cut = size == 0 ? 0 : size_t{data[0]} % (size + 1);
  sluice::Sha256 pieces;
  pieces.update(text.substr(0, cut));
  pieces.update(text.substr(cut));
  require(pieces.finish() == sluice::sha256(text));

  const sluice::HmacKey key(text.substr(0, cut));
  sluice::HmacSha256 hmac(key);
  hmac.update(text.substr(cut));
  const auto code = sluice::hmacSha256(key, text.substr(cut));
  require(hmac.matches(sluice::bytesOf(code)));
  require(sluice::constantTimeEqual(text.substr(0, cut), text.substr(cut)) ==
          (text.substr(0, cut) == text.substr(cut)));
  return 0;
}
