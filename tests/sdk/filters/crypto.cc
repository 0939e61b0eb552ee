// Runs the commands in its configuration, one per line, and logs one line for each answer. Bytes are written in
// hexadecimal digits, no bytes as "-". This tests crypto.h and encoding.h as WebAssembly too.
#include <sluice/crypto.h>
#include <sluice/encoding.h>
#include <sluice/sluice.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

using namespace sluice;

namespace {

// A separate decoder, because the SDK's decoder is under test.
std::string unhex(std::string_view digits) {
  std::string bytes;
  if (digits == "-") return bytes;
  for (size_t at = 0; at + 1 < digits.size(); at += 2) {
    unsigned value = 0;
    std::from_chars(digits.data() + at, digits.data() + at + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

std::string_view takeWord(std::string_view& line) {
  const auto word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

size_t takeNumber(std::string_view& line) {
  size_t number = 0;
  const auto word = takeWord(line);
  std::from_chars(word.data(), word.data() + word.size(), number);
  return number;
}

template <class Hash>
void updateInPieces(Hash& hash, std::string_view bytes, size_t pieceSize) {
  for (; pieceSize != 0 && bytes.size() > pieceSize; bytes.remove_prefix(pieceSize)) {
    hash.update(bytes.substr(0, pieceSize));
    hash.update({});
  }
  hash.update(bytes);
}

std::string digitsOf(const Sha256Digest& digest) { return encodeHex(bytesOf(digest)); }

// NIST's Monte Carlo test: a thousand digests, each of the three before it.
std::string monteCarlo(std::string_view seed) {
  std::string last[3] = {std::string(seed), std::string(seed), std::string(seed)};
  for (int i = 0; i < 1000; ++i) {
    const auto digest = sha256(last[0] + last[1] + last[2]);
    last[0] = std::move(last[1]);
    last[1] = std::move(last[2]);
    last[2] = bytesOf(digest);
  }
  return encodeHex(last[2]);
}

std::string textOf(const std::optional<std::string>& decoded) {
  return decoded ? "bytes " + encodeHex(*decoded) : std::string("refused");
}

std::string answerTo(std::string_view line) {
  const auto command = takeWord(line);
  if (command == "sha256") {
    const auto pieceSize = takeNumber(line);
    Sha256 hash;
    updateInPieces(hash, unhex(takeWord(line)), pieceSize);
    return digitsOf(hash.finish());
  }
  if (command == "sha256-at-once") return digitsOf(sha256(unhex(takeWord(line))));
  if (command == "sha256-many") {
    const auto count = takeNumber(line);
    const auto bytes = unhex(takeWord(line));
    Sha256 hash;
    for (size_t i = 0; i < count; ++i) hash.update(bytes);
    return digitsOf(hash.finish());
  }
  if (command == "monte-carlo") return monteCarlo(unhex(takeWord(line)));
  if (command == "hmac") {
    const auto pieceSize = takeNumber(line);
    HmacSha256 hmac(HmacKey(unhex(takeWord(line))));
    updateInPieces(hmac, unhex(takeWord(line)), pieceSize);
    return digitsOf(hmac.finish());
  }
  if (command == "matches") {
    const HmacKey key(unhex(takeWord(line)));
    HmacSha256 hmac(key);
    const auto bytes = unhex(takeWord(line));
    hmac.update(bytes);
    const auto code = unhex(takeWord(line));
    const bool matches = hmac.matches(code);
    // Both ways to compute the code must agree.
    const auto right = hmacSha256(key, bytes);
    return matches != constantTimeEqual(bytesOf(right), code) ? "contradiction" : matches ? "yes" : "no";
  }
  if (command == "equal") {
    const auto a = unhex(takeWord(line));
    const auto b = unhex(takeWord(line));
    return constantTimeEqual(a, b) ? "yes" : "no";
  }
  if (command == "encode-hex") return encodeHex(unhex(line));
  if (command == "encode-base64") return encodeBase64(unhex(line));
  if (command == "encode-base64url") return encodeBase64Url(unhex(line));
  if (command == "decode-hex") return textOf(decodeHex(unhex(line)));
  if (command == "decode-base64") return textOf(decodeBase64(unhex(line)));
  if (command == "decode-base64url") return textOf(decodeBase64Url(unhex(line)));
  if (command == "decode-hex-into") {
    // With one more byte at the end, which must not change.
    std::string bytes(takeNumber(line) + 1, '\x5a');
    const auto room = std::span(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size() - 1);
    const bool decoded = decodeHex(unhex(line), room);
    if (bytes.back() != '\x5a') return "written past the end";
    return decoded ? "bytes " + encodeHex(std::string_view(bytes).substr(0, bytes.size() - 1)) : "refused";
  }
  return "unknown command";
}

}  // namespace

class Root : public RootContext {
 public:
  bool onConfigure(size_t) override {
    const auto text = configuration();
    if (!text) return false;
    for (auto rest = *text; !rest.empty();) {
      const auto line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      logInfo(answerTo(line));
    }
    return true;
  }
};

static Register<Root> registration;
