// Text encodings for HTTP, for gRPC and for messages.
#include "sluice/host/text.h"

#include <gtest/gtest.h>

namespace sluice::host {
namespace {

TEST(TextTest, LowerCaseIsThatOfAscii) { EXPECT_EQ(lowerCase("X-Aa\xc3\x84[@Z"), "x-aa\xc3\x84[@z"); }

TEST(TextTest, PercentEncodingKeepsPrintableAscii) {
  EXPECT_EQ(percentEncoded("a b~/"), "a b~/");
  EXPECT_EQ(percentEncoded("100%\n\x7f\xc3\xa9"), "100%25%0A%7F%C3%A9");
}

TEST(TextTest, UrlEncodingKeepsUnreservedCharacters) {
  EXPECT_EQ(urlEncoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(urlEncoded("^a b/\\.$\xff"), "%5Ea%20b%2F%5C.%24%FF");
}

TEST(TextTest, QuotedTextsShowWhatIsNotPrintable) {
  EXPECT_EQ(quote(""), "\"\"");
  EXPECT_EQ(quote("a\"\\\n\r\t\x01\xff~"), R"("a\"\\\n\r\t\x01\xff~")");
}

TEST(TextTest, QuotedTextsAreCutAtTheLimit) {
  EXPECT_EQ(quote("abc", 3), "\"abc\"");
  EXPECT_EQ(quote("abcd", 3), "\"abc\" … (4 bytes)");
}

}  // namespace
}  // namespace sluice::host
