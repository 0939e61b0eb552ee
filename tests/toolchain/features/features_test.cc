#include <sluice/testing.h>

namespace sluice::testing {
namespace {

class Features : public FilterTest {};

TEST_F(Features, ADeepStackAndRtti) {
  ASSERT_TRUE(start());
  ASSERT_EQ(logs().size(), 2u);
  EXPECT_EQ(logs()[0].text, "199999");
  EXPECT_EQ(logs()[1].text, "a square");
}

}  // namespace
}  // namespace sluice::testing
