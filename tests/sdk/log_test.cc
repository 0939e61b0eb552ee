// log(): levels, and the types that it accepts.
#include <limits>

#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Log : public ScriptTest {};

TEST_F(Log, EachLevelHasAFunction) {
  ASSERT_TRUE(startScript({{"onConfigure", "logEach", {"text"}}}));
  EXPECT_THAT(logs(),
              ::testing::IsSupersetOf({LogLine(LogLevel::Trace, "t text"), LogLine(LogLevel::Debug, "d text"),
                                       LogLine(LogLevel::Info, "i text"), LogLine(LogLevel::Warn, "w text"),
                                       LogLine(LogLevel::Error, "e text"), LogLine(LogLevel::Critical, "c text")}));
}

TEST_F(Log, NothingIsSentBelowTheHostsLevel) {
  host().setLogLevel(LogLevel::Error);
  ASSERT_TRUE(startScript({{"onConfigure", "logEach", {"text"}}}));
  EXPECT_EQ(host().hostcalls("proxy_log"), 2u);
  EXPECT_THAT(said(), ElementsAre("e text", "c text"));
}

TEST_F(Log, TheHostIsAskedForItsLevelOnceInACallback) {
  host().setLogLevel(LogLevel::Critical);
  ASSERT_TRUE(start());
  const auto before = host().hostcalls("proxy_get_log_level");
  plugin().callback("proxy_on_tick", {plugin().rootContextId()});
  EXPECT_EQ(host().hostcalls("proxy_get_log_level"), before + 1);
  EXPECT_EQ(host().hostcalls("proxy_log"), 0u);
}

TEST_F(Log, TheHostsLevelMayChangeBetweenCallbacks) {
  host().setLogLevel(LogLevel::Critical);
  ASSERT_TRUE(startScript({{"onRequestHeaders", "logEach", {"text"}}}));
  send(get("/"));
  EXPECT_THAT(said(), ElementsAre("c text"));
  host().setLogLevel(LogLevel::Warn);
  host().clearLogs();
  send(get("/"));
  EXPECT_THAT(said(), ElementsAre("w text", "e text", "c text"));
}

TEST_F(Log, NothingIsFormattedBelowTheLevel) {
  if (!isWasmRun()) GTEST_SKIP() << "Instructions are counted in the .wasm run.";
  ASSERT_TRUE(startScript({{"onTick", "logNumbers"}, {"onTick", "logTexts"}}));
  const auto cost = [this] {
    const auto before = plugin().counts().instructions;
    plugin().callback("proxy_on_tick", {plugin().rootContextId()});
    return plugin().counts().instructions - before;
  };
  const auto shown = cost();
  host().setLogLevel(LogLevel::Critical);
  EXPECT_LT(cost(), shown / 2);
}

TEST_F(Log, AHostThatDoesNotTellItsLevelGetsAll) {
  host().failHostcall("proxy_get_log_level", Status::Unimplemented);
  ASSERT_TRUE(startScript({{"onConfigure", "logEach", {"text"}}, {"onConfigure", "logEnabled", {"0"}}}));
  EXPECT_EQ(said().size(), 5u);
  EXPECT_EQ(said().back(), "logEnabled = true");
}

// Envoy's level `off` is 6.
TEST_F(Log, LevelsThatTheAbiDoesNotHaveAreAboveOrBelowAll) {
  const auto linesAt = [this](int32_t level) {
    host().setLogLevel(static_cast<LogLevel>(level));
    const auto before = host().hostcalls("proxy_log");
    EXPECT_TRUE(startScript({{"onConfigure", "logEach", {"text"}}}));
    return host().hostcalls("proxy_log") - before;
  };
  for (const int32_t level : {6, 100, std::numeric_limits<int32_t>::max()}) EXPECT_EQ(linesAt(level), 0u) << level;
  // Three of the lines are the filter's trace.
  for (const int32_t level : {-1, -2, std::numeric_limits<int32_t>::min()}) EXPECT_EQ(linesAt(level), 9u) << level;
}

TEST_F(Log, LogEnabledTellsTheLevel) {
  host().setLogLevel(LogLevel::Info);
  ASSERT_TRUE(startScript({{"onConfigure", "logEnabled", {"1"}},
                           {"onConfigure", "logEnabled", {"2"}},
                           {"onConfigure", "logEnabled", {"5"}}}));
  EXPECT_THAT(said(), ElementsAre("logEnabled = false", "logEnabled = true", "logEnabled = true"));
}

TEST_F(Log, NumbersOfEveryWidth) {
  ASSERT_TRUE(startScript({{"onConfigure", "logNumbers"}}));
  EXPECT_THAT(said(), ElementsAre("int8 -128 127", "int32 -2147483648 2147483647",
                                  "int64 -9223372036854775808 9223372036854775807", "uint8 0 255",
                                  "uint32 0 4294967295", "uint64 0 18446744073709551615", "others true false c -7 9"));
}

TEST_F(Log, TextsOfEveryKind) {
  ASSERT_TRUE(startScript({{"onConfigure", "logTexts"}}));
  EXPECT_THAT(said(), ElementsAre("array pointer an owned string, long enough for the heap view "));
}

TEST_F(Log, EnumsByName) {
  ASSERT_TRUE(startScript({{"onConfigure", "logEnums"}}));
  EXPECT_THAT(said(),
              ElementsAre("CasMismatch Warn HttpRequestTrailers HttpResponseBody HttpResponse None Unauthenticated "
                          "StopAllIterationAndWatermark StopIterationNoBuffer StopIteration Gauge Remote"));
}

TEST_F(Log, EnumsThatTheAbiDoesNotDefineAreUnknown) {
  for (const auto* number : {"-1", "17", "100", "2147483647", "-2147483648"}) {
    ASSERT_TRUE(startScript({{"onConfigure", "logStatus", {number}}}));
    EXPECT_THAT(said().back(), ::testing::StartsWith("unknown ")) << number;
  }
  ASSERT_TRUE(startScript({{"onConfigure", "logStatus", {"-1"}}}));
  EXPECT_EQ(said().back(), "unknown None");
  ASSERT_TRUE(startScript({{"onConfigure", "logStatus", {"12"}}}));
  EXPECT_EQ(said().back(), "Unimplemented Unimplemented");
}

TEST_F(Log, AnEmptyLineIsALine) {
  ASSERT_TRUE(startScript({{"onConfigure", "logNothing"}, {"onConfigure", "log", {"2", ""}}}));
  EXPECT_THAT(said(), ElementsAre("", ""));
}

TEST_F(Log, AnyByteIsLogged) {
  const std::string bytes("a\0\xff\nb", 5);
  ASSERT_TRUE(startScript({{"onConfigure", "log", {"2", bytes}}}));
  EXPECT_THAT(said(), ElementsAre(bytes));
}

TEST_F(Log, LinesOfEveryLength) {
  for (const size_t size : {1u, 100u, 1000u, 2000u, 4000u, 100'000u}) {
    ASSERT_TRUE(startScript({{"onConfigure", "logLong", {std::to_string(size)}}}));
    const std::string piece(size, 'x');
    EXPECT_EQ(said().back(), piece + "1" + piece + "2" + piece + "3" + piece);
  }
}

TEST_F(Log, WarnUnlessOkWarnsUnlessOk) {
  ASSERT_TRUE(startScript(
      {{"onConfigure", "warnUnlessOk", {"2", "adding"}}, {"onConfigure", "warnUnlessOk", {"0", "adding"}}}));
  EXPECT_THAT(said(), ElementsAre("adding: status 2", "warnUnlessOk = false", "warnUnlessOk = true"));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, "adding: status 2")));
}

TEST_F(Log, AHostThatTakesNoLinesChangesNothing) {
  host().failHostcall("proxy_log", Status::InternalFailure);
  ASSERT_TRUE(startScript({{"onConfigure", "logEach", {"text"}}}));
  host().clearFaults();
  send(get("/"));
  EXPECT_THAT(said(), IsEmpty());
  EXPECT_FALSE(trace().empty());
}

TEST_F(Log, WithoutMemoryForALineItsTextIsLeftOut) {
  if (!isWasmRun()) GTEST_SKIP() << "Memory has a limit in the .wasm run.";
  ASSERT_TRUE(startScript({{"onConfigure", "logLong", {"30000"}}, {"onConfigure", "log", {"2", "short"}}},
                          {.limits = {.memoryPages = 4}}));
  EXPECT_EQ(said().back(), "short");
  EXPECT_LT(said().at(0).size(), 120'003u);
}

}  // namespace
}  // namespace sluice::testing
