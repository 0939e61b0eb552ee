#include <sluice/testing.h>

#include <string>

using namespace sluice::testing;

class Messages : public FilterTest {
 protected:
  void SetUp() override { ASSERT_TRUE(start()); }
};

TEST_F(Messages, AreReadAndWritten) {
  const std::string visit("\x0a\x03you\x12\x02\x08\x07", 9);
  const std::string greeting("\x1a\x16\x0a\x09hello you\x12\x09\x0a\x05today\x10\x07");
  const auto exchange = send(post("/", visit));
  EXPECT_EQ(exchange.response.status(), 200);
  EXPECT_EQ(exchange.response.body(), visit + greeting);
}

TEST_F(Messages, MalformedOnesAreRefused) {
  for (const char* malformed :
       {"\x0a\x7fyou", "\x0a\x02\xc3\x28", "\x0b", "\x12\x02\x08", "\xff\xff\xff\xff\xff\xff\xff"}) {
    EXPECT_EQ(send(post("/", malformed)).response.status(), 400) << malformed;
  }
}
