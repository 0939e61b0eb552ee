// currentTime() and ticks.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class Clock : public ScriptTest {};

TEST_F(Clock, TheCurrentTimeIsTheHosts) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "currentTime"}}));
  host().setTime(1'700'000'000'123'456'789);
  send(get("/"));
  host().setTime(0);
  send(get("/"));
  EXPECT_THAT(said(), ElementsAre("currentTime = 1700000000123456789", "currentTime = 0"));
}

TEST_F(Clock, AHostWithoutAClockIsAnError) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "currentTime"}}));
  host().failHostcall("proxy_get_current_time_nanoseconds", Status::Unimplemented);
  send(get("/"));
  EXPECT_THAT(said(), ElementsAre("currentTime: Unimplemented"));
}

TEST_F(Clock, TicksComeAtTheirPeriodUntilItIsZero) {
  ASSERT_TRUE(startScript({{"onConfigure", "setTickPeriod", {"20"}},
                           {"onTick", "currentTime"},
                           {"onRequestHeaders", "setTickPeriod", {"0"}}}));
  advance(70ms);
  EXPECT_EQ(said().size(), 1u + 3u);
  send(get("/"));
  host().clearLogs();
  advance(1000ms);
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(Clock, APeriodThatDoesNotFitIsRefusedAndTheHostNotAsked) {
  ASSERT_TRUE(startScript({{"onConfigure", "setTickPeriod", {"-1"}},
                           {"onConfigure", "setTickPeriod", {"4294967296"}},
                           {"onConfigure", "setTickPeriod", {"9223372036854775807"}},
                           {"onConfigure", "setTickPeriod", {"4294967295"}}}));
  EXPECT_THAT(said(), ElementsAre("setTickPeriod: BadArgument", "setTickPeriod: BadArgument",
                                  "setTickPeriod: BadArgument", "setTickPeriod: Ok"));
  EXPECT_EQ(host().hostcalls("proxy_set_tick_period_milliseconds"), 1u);
}

}  // namespace
}  // namespace sluice::testing
