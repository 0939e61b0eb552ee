// try, catch and throw in old-style filters: nothing is caught, in the module and in the native run.
#include "sluice/testing.h"

namespace sluice::testing {
namespace {

using ::testing::StartsWith;

class OldExceptions : public FilterTest {
 protected:
  [[nodiscard]] std::string lastLog() const { return logs().empty() ? "" : logs().back().text; }
};

TEST_F(OldExceptions, WithoutAThrowATryIsAsIfItWereNotThere) {
  ASSERT_TRUE(start({.configuration = "nothing"}));
  EXPECT_EQ(lastLog(), "nothing was thrown");
}

TEST_F(OldExceptions, AThrowEndsTheVmAndItsTypeIsLogged) {
  expectTraps();
  EXPECT_FALSE(start({.configuration = "throw"}));
  EXPECT_THAT(lastLog(), StartsWith("throw St13runtime_error"));
}

TEST_F(OldExceptions, SoDoesAThrowOfSomethingElse) {
  expectTraps();
  EXPECT_FALSE(start({.configuration = "throw a number"}));
  EXPECT_THAT(lastLog(), StartsWith("throw i"));
}

TEST_F(OldExceptions, ACatchAllDoesNotSeeTheEndOfTheVm) {
  expectTraps();
  ASSERT_TRUE(start());
  EXPECT_THROW(plugin().callback("proxy_on_tick", {plugin().rootContextId()}), host::Error);
  for (const auto& line : logs()) EXPECT_NE(line.text, "caught the end of the VM");
}

}  // namespace
}  // namespace sluice::testing
