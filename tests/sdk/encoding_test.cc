// Hexadecimal digits and base64: the vectors of RFC 4648, and input that a strict decoder refuses.
#include <sluice/encoding.h>
#include <sluice/testing.h>

#include <cctype>
#include <string>
#include <vector>

using namespace sluice;
using namespace sluice::testing;
using ::testing::Each;

namespace {

std::string hex(const std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  for (const char byte : bytes) {
    digits += kDigits[static_cast<unsigned char>(byte) >> 4];
    digits += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return digits;
}
std::string argument(const std::string& bytes) { return bytes.empty() ? "-" : hex(bytes); }
std::string bytesAre(const std::string& bytes) { return "bytes " + hex(bytes); }

class Encoding : public FilterTest {
 protected:
  std::vector<std::string> ask(const std::string& command, const std::vector<std::string>& arguments) {
    std::string configuration;
    for (const auto& bytes : arguments) configuration += command + ' ' + argument(bytes) + "\n";
    host().clearLogs();
    EXPECT_TRUE(start({.configuration = configuration}));
    std::vector<std::string> answers;
    for (const auto& line : logs()) answers.push_back(line.text);
    EXPECT_EQ(answers.size(), arguments.size());
    answers.resize(arguments.size());
    return answers;
  }
  std::string ask(const std::string& command, const std::string& bytes) { return ask(command, std::vector{bytes})[0]; }
  // Expects that `bytes` encode to `text`, and `text` decodes to `bytes`.
  void expectPair(const std::string& name, const std::string& bytes, const std::string& text) {
    EXPECT_EQ(ask("encode-" + name, bytes), text);
    EXPECT_EQ(ask("decode-" + name, text), bytesAre(bytes)) << text;
  }
};

// RFC 4648, section 10.
TEST_F(Encoding, Base64IsThatOfTheRfc) {
  const std::string pairs[][2] = {{"", ""},
                                  {"f", "Zg=="},
                                  {"fo", "Zm8="},
                                  {"foo", "Zm9v"},
                                  {"foob", "Zm9vYg=="},
                                  {"fooba", "Zm9vYmE="},
                                  {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : pairs) {
    if (!bytes.empty()) expectPair("base64", bytes, text);
    const auto unpadded = text.substr(0, text.find('='));
    if (!bytes.empty()) expectPair("base64url", bytes, unpadded);
  }
  EXPECT_EQ(ask("decode-base64", ""), "bytes ");
  EXPECT_EQ(ask("decode-base64url", ""), "bytes ");
}

TEST_F(Encoding, EachAlphabetHasItsOwnLastDigits) {
  expectPair("base64", "\xfb\xef\xff", "++//");
  expectPair("base64url", "\xfb\xef\xff", "--__");
  for (const std::string text : {"--__", "+-//", "Zm9_"}) EXPECT_EQ(ask("decode-base64", text), "refused") << text;
  for (const std::string text : {"++//", "-+__", "Zm9/"}) EXPECT_EQ(ask("decode-base64url", text), "refused") << text;
}

TEST_F(Encoding, Base64ReadsWhatItWrites) {
  std::string bytes;
  std::vector<std::string> all;
  std::vector<std::string> expected;
  for (int i = 0; i < 258; ++i) {
    bytes += static_cast<char>(i * 7);
    all.push_back(bytes);
    expected.push_back(bytesAre(bytes));
  }
  for (const std::string name : {"base64", "base64url"}) {
    EXPECT_EQ(ask("decode-" + name, ask("encode-" + name, all)), expected);
  }
}

TEST_F(Encoding, Base64RefusesWhatNoEncoderWrites) {
  EXPECT_THAT(ask("decode-base64", {"Z",      "Zg",           "Zg=",      "Zg===", "Zg====",   "Zm9vZ",
                                    "====",   "===",          "=",        "==",    "Zg==Zg==", "Z=g=",
                                    "=Zg=",   "Zm9v=",        "Zm9v====", "Zh==",  "Zm9=",     "Zm9v\n",
                                    "\nZm9v", "Zm9v\r\nZm9v", "Zm 9",     " Zm9",  "Zm9\t",    std::string("Zm9\0", 4),
                                    "Zm-_",   "Zm9\xc3"}),
              Each(std::string("refused")));
  EXPECT_THAT(ask("decode-base64url", {"Z", "Zm9vZ", "Zg==", "Zg=", "Zm8=", "=", "Zh", "Zm9", "Zm9vYh", "Zm9v\n",
                                       " Zm9v", "Zm+/", std::string("Zm9\0", 4)}),
              Each(std::string("refused")));
}

// When a last digit has unused bits, they must be zero: one digit in sixteen, or one in four, is valid.
TEST_F(Encoding, OneSpellingForEachValue) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::vector<std::string> ones;
  std::vector<std::string> twos;
  for (const char digit : kDigits) {
    ones.push_back({'A', digit});
    twos.push_back({'A', 'A', digit});
  }
  const auto oneByte = ask("decode-base64url", ones);
  const auto twoBytes = ask("decode-base64url", twos);
  for (size_t value = 0; value < kDigits.size(); ++value) {
    EXPECT_EQ(oneByte[value] != "refused", value % 16 == 0) << ones[value];
    EXPECT_EQ(twoBytes[value] != "refused", value % 4 == 0) << twos[value];
  }
}

TEST_F(Encoding, Base64KnowsItsDigits) {
  std::vector<std::string> texts;
  for (int code = 0; code < 256; ++code) texts.push_back(std::string("Z") + static_cast<char>(code) + "9v");
  for (const std::string name : {"base64", "base64url"}) {
    const auto answers = ask("decode-" + name, texts);
    for (int code = 0; code < 256; ++code) {
      const bool isDigit = (code < 128 && std::isalnum(code) != 0) ||
                           (name == "base64" ? code == '+' || code == '/' : code == '-' || code == '_');
      EXPECT_EQ(answers[static_cast<size_t>(code)] != "refused", isDigit) << name << ' ' << code;
    }
  }
}

// RFC 4648, section 10, in lower case.
TEST_F(Encoding, HexIsThatOfTheRfc) {
  expectPair("hex", "f", "66");
  expectPair("hex", "foobar", "666f6f626172");
  EXPECT_EQ(ask("decode-hex", "666F6F626172"), bytesAre("foobar"));
  EXPECT_EQ(ask("decode-hex", "666f6F"), bytesAre("foo"));
  EXPECT_EQ(ask("decode-hex", ""), "bytes ");
}

TEST_F(Encoding, HexReadsWhatItWrites) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const auto digits = ask("encode-hex", bytes);
  EXPECT_EQ(digits, hex(bytes));
  EXPECT_EQ(ask("decode-hex", digits), bytesAre(bytes));
}

TEST_F(Encoding, HexRefusesAllElse) {
  EXPECT_THAT(ask("decode-hex", {"0", "012", "0g00", "00:0", "0/00", "00@0", "`000", "G000", " 000", "-100", "0x00",
                                 "00\n0", std::string("00\0000", 4),
                                 "\xb0"
                                 "000",
                                 "00 0"}),
              Each(std::string("refused")));
}

// Compares each character in each place with the C library.
TEST_F(Encoding, HexKnowsItsDigits) {
  for (size_t size = 1; size <= 5; ++size) {
    for (size_t at = 0; at < 2 * size; ++at) {
      std::vector<std::string> texts;
      for (int code = 0; code < 256; ++code) {
        texts.emplace_back(2 * size, '7');
        texts.back()[at] = static_cast<char>(code);
      }
      const auto answers = ask("decode-hex-into " + std::to_string(size), texts);
      for (int code = 0; code < 256; ++code) {
        auto expected = "bytes " + texts[static_cast<size_t>(code)];
        for (char& c : expected) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        EXPECT_EQ(answers[static_cast<size_t>(code)], std::isxdigit(code) != 0 ? expected : "refused")
            << "code " << code << " at " << at;
      }
    }
  }
}

TEST_F(Encoding, HexFillsTheRoomExactly) {
  for (const std::string text : {"", "00", "0011", "00112233445", "001122334455"}) {
    const bool fits = text.size() == 2 * 5;
    EXPECT_EQ(ask("decode-hex-into 5", text) == "refused", !fits) << text;
  }
  EXPECT_EQ(ask("decode-hex-into 5", "0011223344"), "bytes 0011223344");
  EXPECT_EQ(ask("decode-hex-into 0", ""), "bytes ");
}

}  // namespace
