#include <sluice/testing.h>

using namespace sluice::testing;

class FilterNameTest : public FilterTest {};

TEST_F(FilterNameTest, ConvertsText) {
  ASSERT_TRUE(start());
  auto response = ok("", {{"content-type", "text/plain; charset=utf-8"}});
  response.chunks = {"good", " da", "y"};
  EXPECT_THAT(send(get("/"), response).response, HasBody("GOOD DAY"));
}

TEST_F(FilterNameTest, LeavesOtherTypesAlone) {
  ASSERT_TRUE(start());
  EXPECT_THAT(send(get("/"), ok("good day", {{"content-type", "image/png"}})).response, HasBody("good day"));
  EXPECT_THAT(send(get("/"), ok("good day")).response, HasBody("good day"));
}
