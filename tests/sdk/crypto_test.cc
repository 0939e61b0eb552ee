// SHA-256, HMAC and comparison against published vectors. For lengths around block boundaries, against digests of
// digests from another implementation (Python's hashlib).
#include <sluice/crypto.h>
#include <sluice/encoding.h>
#include <sluice/testing.h>

#include <string>
#include <vector>

using namespace sluice;
using namespace sluice::testing;

namespace {

std::string hex(const std::string& bytes) { return bytes.empty() ? "-" : encodeHex(bytes); }

// A text that does not repeat with the size of a block.
std::string pattern(size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 7 + (i >> 8));
  return bytes;
}

class Crypto : public FilterTest {
 protected:
  // The filter's answer to each line.
  std::vector<std::string> ask(const std::vector<std::string>& lines) {
    std::string configuration;
    for (const auto& line : lines) configuration += line + "\n";
    host().clearLogs();
    EXPECT_TRUE(start({.configuration = configuration}));
    std::vector<std::string> answers;
    for (const auto& line : logs()) answers.push_back(line.text);
    EXPECT_EQ(answers.size(), lines.size());
    answers.resize(lines.size());
    return answers;
  }
  std::string ask(const std::string& line) { return ask(std::vector{line})[0]; }
  std::string sha256Of(const std::string& bytes) { return ask("sha256-at-once " + hex(bytes)); }
  std::string hmacOf(const std::string& key, const std::string& bytes) {
    return ask("hmac 0 " + hex(key) + ' ' + hex(bytes));
  }
  std::string matches(const std::string& key, const std::string& bytes, const std::string& code) {
    return ask("matches " + hex(key) + ' ' + hex(bytes) + ' ' + hex(code));
  }
};

// --- SHA-256

// FIPS 180-2's examples, and NIST's messages for each kind of padding.
TEST_F(Crypto, ShortMessages) {
  EXPECT_EQ(sha256Of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256Of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256Of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256Of("\xbd"), "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b");
  EXPECT_EQ(sha256Of("\xc9\x8c\x8e\x55"), "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504");
  EXPECT_EQ(sha256Of(std::string(55, '\0')), "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7");
  EXPECT_EQ(sha256Of(std::string(56, '\0')), "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb");
  EXPECT_EQ(sha256Of(std::string(57, '\0')), "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785");
  EXPECT_EQ(sha256Of(std::string(64, '\0')), "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
}

TEST_F(Crypto, LongMessages) {
  EXPECT_EQ(sha256Of(std::string(1000, '\0')), "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53");
  EXPECT_EQ(sha256Of(std::string(1000, 'A')), "c2e686823489ced2017f6059b8b239318b6364f6dcd835d0a519105a1eadd6e4");
  EXPECT_EQ(sha256Of(std::string(1005, 'U')), "f4d62ddec0f3dd90ea1380fa16a5ff8dc4c54b21740650f24afc4120903552b0");
  const std::string million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
  EXPECT_EQ(ask("sha256-many 1000000 " + hex("a")), million);
  EXPECT_EQ(ask("sha256-many 1000 " + hex(std::string(1000, 'a'))), million);
}

// NIST's seed and first checkpoint; the second checkpoint is computed from the first.
TEST_F(Crypto, MonteCarlo) {
  const std::string first = "e93c330ae5447738c8aa85d71a6c80f2a58381d05872d26bdd39f1fcd4f2b788";
  EXPECT_EQ(ask("monte-carlo 6d1e72ad03ddeb5de891e572e2396f8da015d899ef0e79503152d6010a3fe691"), first);
  EXPECT_EQ(ask("monte-carlo " + first), "2e78f8c8772ea7c9331d41ed3f9cdf27d8f514a99342ee766ee3b8b0d0b121c0");
}

TEST_F(Crypto, LengthsAroundTheBordersOfBlocks) {
  const std::pair<size_t, std::string> expected[] = {
      {55, "576a1bf8d4478657e6dc4af9398544765c2a92cde28478b019235cfed315fc09"},
      {56, "9b20501dfd1d99161c257950f3444f3e49230c351c5c8e0943ef369f85f5205d"},
      {63, "30b345906b493f06f69444b6521113511c242f30e29840462950035043682f1e"},
      {64, "d8bc63b4fc1156e5e7d95a418b9bf54cd3174bedbc2db40f74895349b229b3c0"},
      {65, "1ee23b0fbcaecc1aff4a9e8f1645f35ab2c8e13609cd73b68df8b5e3f63ce073"},
      {119, "7a6589821178918ca8d9edaba5abfc1e9b2669564f4469b66885379c1530b2c8"},
      {120, "655250427d56b1b0eeb8497d21428704273458a01772d6881b65c0abac0f8a98"},
      {127, "67d79933e3c9aa8e89f481e071cfca1e9a16c09d7263b5efa3bb01f1a9f8d065"},
      {128, "54c9eb041badfd7064645067b107661fed6113197ce2dd066ba69618abd3732f"},
      {129, "5b55715b51c54661ed0cbd75ba5b00cf1ffee3b7c113a636eca613d9425116a6"}};
  for (const auto& [size, digest] : expected) EXPECT_EQ(sha256Of(pattern(size)), digest) << size;
}

TEST_F(Crypto, EveryLengthUpTo299) {
  std::vector<std::string> lines;
  for (size_t size = 0; size < 300; ++size) lines.push_back("sha256-at-once " + hex(pattern(size)));
  std::string all;
  for (const auto& digits : ask(lines)) all += decodeHex(digits).value_or("");
  EXPECT_EQ(sha256Of(all), "8133bea06a9979f7bff0426d07c426a13c1e2d346abb91ffc80f8c5ad7a0c5c3");
}

TEST_F(Crypto, PiecesDoNotMatter) {
  const auto text = pattern(300);
  std::vector<std::string> lines;
  for (size_t pieceSize = 0; pieceSize <= 200; ++pieceSize)
    lines.push_back("sha256 " + std::to_string(pieceSize) + ' ' + hex(text));
  EXPECT_THAT(ask(lines), ::testing::Each(sha256Of(text)));
}

// --- HMAC

// RFC 4231, section 4.
TEST_F(Crypto, HmacIsThatOfTheRfc) {
  std::string counting;
  for (char c = 1; c <= 25; ++c) counting += c;
  EXPECT_EQ(hmacOf(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmacOf("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmacOf(std::string(20, '\xaa'), std::string(50, '\xdd')),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(hmacOf(counting, std::string(50, '\xcd')),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  EXPECT_EQ(hmacOf(std::string(20, '\x0c'), "Test With Truncation").substr(0, 32), "a3b6167473100ee06e0c796c2955552b");
  EXPECT_EQ(hmacOf(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hmacOf(std::string(131, '\xaa'),
                   "This is a test using a larger than block-size key and a larger than block-size data. The key needs "
                   "to be hashed before being used by the HMAC algorithm."),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

// Keys of 0 to 199 bytes, shorter and longer than a block; compares the digest of all codes.
TEST_F(Crypto, HmacWithKeysAndMessagesOfManyLengths) {
  std::vector<std::string> lines;
  for (size_t size = 0; size < 200; ++size)
    lines.push_back("hmac 17 " + hex(pattern(size)) + ' ' + hex(pattern(size * 3 % 130)));
  std::string all;
  for (const auto& digits : ask(lines)) all += decodeHex(digits).value_or("");
  EXPECT_EQ(sha256Of(all), "c2ba2f95244ad3c86b3ed3690be4a91182cf85d6ac1aef271986bea4384e4e49");
}

// RFC 2104 hashes a key longer than a block and pads a shorter one with zeros, so some different keys are equivalent.
TEST_F(Crypto, HmacKeysThatAreTheSameByDefinition) {
  const std::string shortKey(16, 'k');
  EXPECT_EQ(hmacOf(shortKey, "text"), hmacOf(shortKey + std::string(48, '\0'), "text"));
  EXPECT_NE(hmacOf(shortKey, "text"), hmacOf(shortKey + std::string(49, '\0'), "text"));
  const std::string longKey(65, 'k');
  EXPECT_EQ(hmacOf(longKey, "text"), hmacOf(decodeHex(sha256Of(longKey)).value(), "text"));
}

// Forged codes: with flipped bits, truncated, extended or empty.
TEST_F(Crypto, OnlyTheWholeCodeMatches) {
  const std::string key(32, 'k');
  const auto code = decodeHex(hmacOf(key, "message")).value();
  EXPECT_EQ(matches(key, "message", code), "yes");
  EXPECT_EQ(matches(key, "messagf", code), "no");
  EXPECT_EQ(matches(key, "message" + std::string(1, '\0'), code), "no");
  EXPECT_EQ(matches(key + "k", "message", code), "no");
  EXPECT_EQ(matches(key.substr(1), "message", code), "no");
  std::vector<std::string> lines;
  const auto add = [&](const std::string& other) {
    lines.push_back("matches " + hex(key) + ' ' + hex("message") + ' ' + hex(other));
  };
  for (size_t size = 0; size < code.size(); ++size) add(code.substr(0, size));
  for (size_t size = 1; size < code.size(); ++size) add(code.substr(size));
  for (size_t more = 1; more <= 33; ++more) add(code + std::string(more, '\0'));
  add(code + code);
  for (size_t bit = 0; bit < 8 * code.size(); ++bit) {
    auto other = code;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
    add(other);
  }
  add(std::string(32, '\0'));
  add(std::string(32, '\xff'));
  EXPECT_THAT(ask(lines), ::testing::Each(std::string("no")));
}

// --- Comparison

TEST_F(Crypto, EqualFindsEachDifference) {
  std::vector<std::string> same;
  std::vector<std::string> lines;
  for (size_t size = 1; size <= 33; ++size) {
    const auto text = pattern(size);
    same.push_back("equal " + hex(text) + ' ' + hex(text));
    lines.push_back("equal " + hex(text) + ' ' + hex(text.substr(1)));
    lines.push_back("equal " + hex(text) + ' ' + hex(text + std::string(1, '\0')));
    for (size_t at = 0; at < size; ++at) {
      for (const int bit : {0x01, 0x80}) {
        auto other = text;
        other[at] = static_cast<char>(other[at] ^ bit);
        lines.push_back("equal " + hex(text) + ' ' + hex(other));
      }
    }
  }
  EXPECT_THAT(ask(same), ::testing::Each(std::string("yes")));
  EXPECT_THAT(ask(lines), ::testing::Each(std::string("no")));
  // Two differences that could cancel each other out.
  EXPECT_EQ(ask("equal 0100000000000000ff 0000000000000000fe"), "no");
  EXPECT_EQ(ask("equal - -"), "yes");
  EXPECT_EQ(ask("equal - 00"), "no");
}

// Tests can sign with the same functions in their own program.
TEST(CryptoInTests, IsTheSame) {
  EXPECT_EQ(encodeHex(bytesOf(hmacSha256(HmacKey("Jefe"), "what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const auto digest = sha256("abc");
  EXPECT_TRUE(constantTimeEqual(digest, digest));
  EXPECT_FALSE(constantTimeEqual(digest, sha256("abd")));
}

}  // namespace
