#include "common/sha256.h"

#include <sluice/testing.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string>

#include "common/hex.h"

using namespace sluice;
using namespace sluice::testing;

class Digests : public FilterTest {
 protected:
  std::string probe(const std::string& configuration) {
    host().clearLogs();
    EXPECT_TRUE(start({.configuration = configuration}));
    return logs().empty() ? "nothing was logged" : logs().back().text;
  }
  std::string sha256(const std::string& text, unsigned count = 1) {
    return probe("sha256 " + std::to_string(count) + "\n" + text);
  }
  std::string hmac(const std::string& key, const std::string& text) {
    const auto* const bytes = reinterpret_cast<const unsigned char*>(key.data());
    return probe("hmac " + hex::encode(bytes, key.size()) + "\n" + text);
  }
};

// NIST, Cryptographic Standards and Guidelines, examples for SHA-256, and the long messages of FIPS 180-2.
TEST_F(Digests, AreThoseOfNist) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmno"
                   "pqrstnopqrstu"),
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(sha256("a", 1'000'000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_EQ(sha256(std::string(1000, 'a'), 1000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_F(Digests, AreThoseOfNistWhereAMessageEndsInPadding) {
  EXPECT_EQ(sha256(std::string("\xbd", 1)), "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b");
  EXPECT_EQ(sha256(std::string("\xc9\x8c\x8e\x55", 4)),
            "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504");
  EXPECT_EQ(sha256(std::string(55, '\0')), "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7");
  EXPECT_EQ(sha256(std::string(56, '\0')), "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb");
  EXPECT_EQ(sha256(std::string(57, '\0')), "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785");
  EXPECT_EQ(sha256(std::string(64, '\0')), "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
  EXPECT_EQ(sha256(std::string(1000, '\0')), "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53");
  EXPECT_EQ(sha256(std::string(1000, 'A')), "c2e686823489ced2017f6059b8b239318b6364f6dcd835d0a519105a1eadd6e4");
  EXPECT_EQ(sha256(std::string(1005, 'U')), "f4d62ddec0f3dd90ea1380fa16a5ff8dc4c54b21740650f24afc4120903552b0");
}

// RFC 4231, section 4.
TEST_F(Digests, OfHmacAreThoseOfTheRfc) {
  std::string counting;
  for (char c = 1; c <= 25; ++c) counting += c;
  EXPECT_EQ(hmac(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac(std::string(20, '\xaa'), std::string(50, '\xdd')),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(hmac(counting, std::string(50, '\xcd')),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  EXPECT_EQ(hmac(std::string(20, '\x0c'), "Test With Truncation").substr(0, 32), "a3b6167473100ee06e0c796c2955552b");
  EXPECT_EQ(hmac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hmac(std::string(131, '\xaa'),
                 "This is a test using a larger than block-size key and a larger than block-size data. The key needs "
                 "to be hashed before being used by the HMAC algorithm."),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(Sha256, DoesNotDependOnThePieces) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i * 7);
  crypto::Sha256 whole;
  whole.update(text);
  const auto expected = whole.finish();
  for (size_t first = 0; first <= 200; ++first) {
    crypto::Sha256 pieces;
    pieces.update(std::string_view(text).substr(0, first));
    pieces.update("");
    pieces.update(std::string_view(text).substr(first, 65));
    pieces.update(std::string_view(text).substr(first + 65));
    EXPECT_EQ(pieces.finish(), expected) << "pieces of " << first << ", 65 and the rest";
  }
}

TEST(EqualInConstantTime, FindsEachDifference) {
  const crypto::Digest digest{1, 2, 3};
  EXPECT_TRUE(crypto::equalInConstantTime(digest, digest));
  for (size_t i = 0; i < digest.size(); ++i) {
    for (const int bit : {0x01, 0x80}) {
      auto other = digest;
      other[i] = static_cast<unsigned char>(other[i] ^ bit);
      EXPECT_FALSE(crypto::equalInConstantTime(digest, other)) << "byte " << i;
    }
  }
}

TEST(Hex, DecodesDigitsAndNothingElse) {
  unsigned char bytes[2] = {};
  EXPECT_TRUE(hex::decode("09aF", bytes, 2));
  EXPECT_EQ(bytes[0], 0x09);
  EXPECT_EQ(bytes[1], 0xaf);
  EXPECT_TRUE(hex::decode("", bytes, 0));
  for (const auto* text : {"0", "012", "01234", "0g00", "00:0", "0/00", "00@0", "`000", "G000", " 000", "-100", "0x00",
                           "\xb0"
                           "000"})
    EXPECT_FALSE(hex::decode(text, bytes, 2)) << text;
}

// Each character in each place, against the C library's opinion.
TEST(Hex, DecodesEveryByte) {
  for (size_t size = 1; size <= 5; ++size) {
    for (size_t at = 0; at < 2 * size; ++at) {
      for (int code = 0; code < 256; ++code) {
        std::string text(2 * size, '7');
        text[at] = static_cast<char>(code);
        unsigned char bytes[6] = {0xee, 0xee, 0xee, 0xee, 0xee, 0xee};
        ASSERT_EQ(hex::decode(text, bytes, size), std::isxdigit(code) != 0) << "code " << code << " at " << at;
        EXPECT_EQ(bytes[size], 0xee);
        if (std::isxdigit(code) == 0) continue;
        for (size_t i = 0; i < size; ++i) EXPECT_EQ(bytes[i], std::stoi(text.substr(2 * i, 2), nullptr, 16));
      }
    }
  }
}

TEST(Hex, EncodesWhatItDecodes) {
  unsigned char bytes[256];
  for (size_t i = 0; i < sizeof bytes; ++i) bytes[i] = static_cast<unsigned char>(i);
  const auto digits = hex::encode(bytes, sizeof bytes);
  EXPECT_EQ(digits.substr(0, 8), "00010203");
  EXPECT_EQ(digits.substr(504), "fcfdfeff");
  unsigned char decoded[256];
  ASSERT_TRUE(hex::decode(digits, decoded, sizeof decoded));
  EXPECT_TRUE(std::equal(std::begin(bytes), std::end(bytes), decoded));
}
