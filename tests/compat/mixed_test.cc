// Old and new filters side by side in one module.
#include "sluice/testing.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;

class Mixed : public FilterTest {};

TEST_F(Mixed, EachServesItsRootId) {
  ASSERT_TRUE(start({.rootId = "old", .vmId = "shared"}));
  const auto old = send(get("/a"));
  EXPECT_THAT(old.request.headers, HasHeader("x-old", "/a/a"));
  EXPECT_THAT(old.response.headers, HasNoHeader("x-new"));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, "old /a")));
  ASSERT_TRUE(start({.rootId = "new", .vmId = "shared"}));
  const auto exchange = send(get("/a"));
  EXPECT_THAT(exchange.request.headers, HasHeader("x-new", "no"));
  EXPECT_THAT(exchange.response.headers, HasHeader("x-new", "yes"));
  // As in the existing SDK, an unknown root_id gives a filter that does nothing.
  ASSERT_TRUE(start({.rootId = "other", .vmId = "shared"}));
  const auto nothing = send(get("/a"));
  EXPECT_THAT(nothing.request.headers, HasNoHeader("x-old"));
  EXPECT_THAT(nothing.response.headers, HasNoHeader("x-new"));
}

}  // namespace
}  // namespace sluice::testing
