// Result: a value, or the reason why there is none.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;

class Results : public ScriptTest {
 protected:
  /// Expects that the script's only call traps after logging `line` at level Critical.
  void expectTrap(const std::string& line) {
    expectTraps();
    const auto exchange = send(get("/"));
    EXPECT_THAT(exchange.response, HasStatus(503));
    ASSERT_TRUE(plugin().failure().has_value());
    EXPECT_EQ(plugin().failure()->kind(), ErrorKind::Trap);
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Critical, line)));
  }
};

TEST_F(Results, ValuesAndStatuses) {
  ASSERT_TRUE(startScript({{"onConfigure", "results"}}));
  EXPECT_THAT(said(),
              ElementsAre("results = text and more of it", "results = text and more of it", "results = fallback",
                          "results = true", "results: Ok", "results: NotFound", "results: InternalFailure"));
}

TEST_F(Results, TheValueOfAFailedOneTrapsAndALineSaysWhy) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "dereferenceFailed"}}));
  expectTrap("sluice: the value of a failed Result was used; ask ok() before operator*");
}

TEST_F(Results, SoDoesItsArrow) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "arrowOfFailed"}}));
  expectTrap("sluice: the value of a failed Result was used; ask ok() before operator*");
}

TEST_F(Results, AbortIsALineAndATrap) {
  if (!isWasmRun()) GTEST_SKIP() << "Natively abort() ends the program.";
  ASSERT_TRUE(startScript({{"onRequestHeaders", "abort"}}));
  expectTrap("abort() was called");
}

TEST_F(Results, NewWithoutMemoryIsALineAndATrap) {
  if (!isWasmRun()) GTEST_SKIP() << "Memory has a limit in the .wasm run.";
  ASSERT_TRUE(startScript({{"onRequestHeaders", "allocate", {"1000000"}}}, {.limits = {.memoryPages = 10}}));
  expectTrap("sluice: out of memory");
}

TEST_F(Results, TheModulesOwnStringFunctionsCompare) {
  // Less, equal, greater; contains; equal as a C string; contains no NUL.
  const auto compare = [this](const std::string& a, const std::string& b) {
    EXPECT_TRUE(startScript({{"onConfigure", "compareStrings", {a, b}}}));
    return said().back();
  };
  EXPECT_EQ(compare("a", "b"), "true false false false false true");
  EXPECT_EQ(compare("abc", "abc"), "false true false true true true");
  EXPECT_EQ(compare("abc", "ab"), "false false true true false true");
  EXPECT_EQ(compare("\xff", "a"), "false false true false false true");
  EXPECT_EQ(compare("", ""), "false true false true true true");
  EXPECT_EQ(compare(std::string("a\0b", 3), "a"), "false false true true true false");
  EXPECT_EQ(compare("0123456789x", "89x"), "true false false true false true");
}

}  // namespace
}  // namespace sluice::testing
