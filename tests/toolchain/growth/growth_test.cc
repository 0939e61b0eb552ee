#include <sluice/testing.h>

#include <string>

using namespace sluice;
using namespace sluice::testing;

class Growth : public FilterTest {};

// Hosts forbid hostcalls, and with them all imports, while a module allocates: growth must not call out.
TEST_F(Growth, MemoryGrowsWhileTheHostHandsABodyOver) {
  ASSERT_TRUE(start());
  const std::string body = std::string(256 * 1024, 'a') + "bcd";
  for (int i = 0; i < 3; ++i) {
    const auto exchange = send(get("/"), ok(body));
    EXPECT_EQ(exchange.response.body(), "dcb" + std::string(256 * 1024, 'a'));
  }
}
