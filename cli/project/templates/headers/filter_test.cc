#include <sluice/testing.h>

using namespace sluice;
using namespace sluice::testing;
using ::testing::Contains;
using ::testing::HasSubstr;

class FilterNameTest : public FilterTest {};

TEST_F(FilterNameTest, SetsTheHeader) {
  ASSERT_TRUE(start({.configuration = "tomorrow"}));
  const auto exchange = send(get("/"), ok("good day", {{"x-filter_name", "yesterday"}}));
  EXPECT_THAT(exchange.response.headers, HasHeader("x-filter_name", "tomorrow"));
}

TEST_F(FilterNameTest, RefusesAnEmptyConfiguration) {
  EXPECT_FALSE(start());
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("write the header's value"))));
}
