#include <sluice/testing.h>

using namespace sluice::testing;

class Hello : public FilterTest {};

TEST_F(Hello, GreetsInTheResponse) {
  ASSERT_TRUE(start());
  EXPECT_THAT(send(get("/")).response.headers, HasHeader("hello", "tomorrow"));
}
