#include <sluice/crypto.h>
#include <sluice/testing.h>

#include <chrono>
#include <string>
#include <vector>

using namespace sluice;
using namespace sluice::testing;
using std::chrono::milliseconds;

namespace {

class TtlCacheTest : public FilterTest {
 protected:
  ::testing::AssertionResult startWith(const std::string& configuration = "cache 64 100", std::string vmId = "") {
    PluginOptions options;
    options.configuration = configuration;
    options.vmId = std::move(vmId);
    return start(std::move(options));
  }
  std::string ask(const std::string& command) { return askOf(plugin(), command); }
  std::string askOf(Plugin& plugin, const std::string& command) {
    host().clearLogs();
    plugin.send(get("/", {{"x-do", command}}), ok());
    EXPECT_EQ(logs().size(), 1u) << command;
    return logs().empty() ? "" : logs().back().text;
  }
  // Key number `which` of those that fall into `place`, of 64 places.
  static std::string keyAt(uint32_t place, int which) {
    for (int i = 0;; ++i) {
      auto key = "k" + std::to_string(i);
      if (sha256(key)[0] % 64 == place && which-- == 0) return key;
    }
  }
};

TEST_F(TtlCacheTest, FindsWhatIsKeptUntilItsTimeIsOver) {
  ASSERT_TRUE(startWith());
  EXPECT_EQ(ask("find a"), "NotFound");
  EXPECT_EQ(ask("keep a 1000 hello world"), "Ok");
  EXPECT_EQ(ask("find a"), "found hello world");
  EXPECT_EQ(ask("find b"), "NotFound");
  advance(milliseconds(999));
  EXPECT_EQ(ask("find a"), "found hello world");
  advance(milliseconds(1));
  EXPECT_EQ(ask("find a"), "NotFound");
  EXPECT_EQ(ask("keep a 1000 again"), "Ok");
  EXPECT_EQ(ask("find a"), "found again");
}

TEST_F(TtlCacheTest, KeepingAgainBeginsTheTimeAnew) {
  ASSERT_TRUE(startWith());
  EXPECT_EQ(ask("keep a 1000 one"), "Ok");
  advance(milliseconds(900));
  EXPECT_EQ(ask("keep a 1000 two"), "Ok");
  advance(milliseconds(900));
  EXPECT_EQ(ask("find a"), "found two");
}

TEST_F(TtlCacheTest, AnEmptyValueAndAnEmptyKeyAreSome) {
  ASSERT_TRUE(startWith());
  EXPECT_EQ(ask("find "), "NotFound");
  EXPECT_EQ(ask("keep  1000 "), "Ok");
  EXPECT_EQ(ask("find "), "found ");
}

TEST_F(TtlCacheTest, RemovesOnlyThatKey) {
  ASSERT_TRUE(startWith());
  EXPECT_EQ(ask("remove a"), "Ok");
  EXPECT_EQ(ask("keep a 1000 one"), "Ok");
  EXPECT_EQ(ask("remove b"), "Ok");
  EXPECT_EQ(ask("find a"), "found one");
  EXPECT_EQ(ask("remove a"), "Ok");
  EXPECT_EQ(ask("find a"), "NotFound");
}

// Only the keys decide which entry is replaced.
TEST_F(TtlCacheTest, TheLaterOfTwoKeysOfAPlaceTakesIt) {
  ASSERT_TRUE(startWith());
  const auto first = keyAt(7, 0);
  const auto second = keyAt(7, 1);
  const auto other = keyAt(8, 0);
  EXPECT_EQ(ask("keep " + first + " 1000 one"), "Ok");
  EXPECT_EQ(ask("keep " + other + " 1000 other"), "Ok");
  EXPECT_EQ(ask("find " + second), "NotFound");
  EXPECT_EQ(ask("keep " + second + " 1000 two"), "Ok");
  EXPECT_EQ(ask("find " + first), "NotFound");
  EXPECT_EQ(ask("find " + second), "found two");
  EXPECT_EQ(ask("find " + other), "found other");
  EXPECT_EQ(ask("remove " + first), "Ok");
  EXPECT_EQ(ask("find " + second), "found two");
}

TEST_F(TtlCacheTest, RefusesWhatItMayNotHold) {
  ASSERT_TRUE(startWith("cache 4 100"));
  EXPECT_EQ(ask("keep-much a 100"), "Ok");
  EXPECT_EQ(ask("keep-much a 101"), "BadArgument");
  EXPECT_EQ(ask("find a"), "found " + std::string(100, 'x'));
  for (const std::string time : {"0", "-1", "864000000001", "9223372036854775807", "-9223372036854775808"})
    EXPECT_EQ(ask("keep b " + time + " x"), "BadArgument") << time;
  EXPECT_EQ(ask("keep b 864000000000 x"), "Ok");
}

// Memory depends on the number and the size of the places, not on the number of keys.
TEST_F(TtlCacheTest, ItsMemoryHasABound) {
  ASSERT_TRUE(startWith("cache 4 100", "vm"));
  const auto bound = std::stoull(ask("bound"));
  EXPECT_EQ(bound, 4 * (std::string("cache/").size() + 4 + 32 + 16 + 100));
  for (int i = 0; i < 200; ++i) EXPECT_EQ(ask("keep-much k" + std::to_string(i) + " 100"), "Ok");
  size_t held = 0;
  for (char place = 0; place < 4; ++place) {
    const auto key = std::string("cache/") + std::string{place, 0, 0, 0};
    const auto value = host().sharedData("vm", key);
    ASSERT_TRUE(value.has_value());
    held += key.size() + value->size();
  }
  EXPECT_EQ(held, bound);
  EXPECT_FALSE(host().sharedData("vm", std::string("cache/") + std::string{4, 0, 0, 0}).has_value());
}

TEST_F(TtlCacheTest, NoEntriesAreOne) {
  ASSERT_TRUE(startWith("cache 0 100"));
  EXPECT_EQ(ask("keep a 1000 x"), "Ok");
  EXPECT_EQ(ask("find a"), "found x");
}

TEST_F(TtlCacheTest, VmsShareItAndOtherNamesDoNot) {
  ASSERT_TRUE(startWith("one 64 100", "vm"));
  const auto first = plugin().impl();
  Plugin one(first);
  ASSERT_TRUE(startWith("one 64 100", "vm"));
  EXPECT_EQ(ask("keep a 1000 x"), "Ok");
  EXPECT_EQ(askOf(one, "find a"), "found x");
  ASSERT_TRUE(startWith("two 64 100", "vm"));
  EXPECT_EQ(ask("find a"), "NotFound");
  ASSERT_TRUE(startWith("one 64 100", "other"));
  EXPECT_EQ(ask("find a"), "NotFound");
}

// The cache does not store keys, because a key may be secret.
TEST_F(TtlCacheTest, KeysAreNotKept) {
  ASSERT_TRUE(startWith("cache 1 100", "vm"));
  EXPECT_EQ(ask("keep topsecret 1000 x"), "Ok");
  const auto value = host().sharedData("vm", std::string("cache/") + std::string(4, '\0'));
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(value->find("topsecret"), std::string::npos);
}

TEST_F(TtlCacheTest, AClockThatIsPutBackKeepsNothingForLonger) {
  ASSERT_TRUE(startWith());
  EXPECT_EQ(ask("keep a 1000 x"), "Ok");
  const auto now = host().now();
  host().setTime(now - 1);
  EXPECT_EQ(ask("find a"), "NotFound");
  host().setTime(now);
  EXPECT_EQ(ask("find a"), "found x");
}

TEST_F(TtlCacheTest, ClocksAtTheirEnds) {
  ASSERT_TRUE(startWith());
  for (const uint64_t time : {uint64_t{0}, uint64_t{INT64_MAX}, uint64_t{INT64_MAX} + 1, UINT64_MAX}) {
    host().setTime(time);
    const auto status = ask("keep a 1000 x");
    EXPECT_TRUE(status == "Ok" || status == "BadArgument") << time;
    EXPECT_EQ(ask("find a"), status == "Ok" ? "found x" : "NotFound") << time;
    EXPECT_EQ(ask("remove a"), "Ok");
  }
}

TEST_F(TtlCacheTest, NonsenseInSharedDataIsNoValue) {
  ASSERT_TRUE(startWith());
  EXPECT_EQ(ask("keep a 1000 x"), "Ok");
  const auto digest = sha256("a");
  const std::string good(bytesOf(digest));
  for (const auto& nonsense : {std::string(), std::string("x"), good, good + std::string(15, '\0'),
                               good + std::string(16, '\xff'), std::string(48, '\0'), std::string(5000, '\xff')}) {
    host().answerHostcall("proxy_get_shared_data", nonsense);
    EXPECT_EQ(ask("find a"), "NotFound");
  }
}

TEST_F(TtlCacheTest, SaysWhatTheHostAnswers) {
  ASSERT_TRUE(startWith());
  EXPECT_EQ(ask("keep a 1000 x"), "Ok");
  for (const std::string hostcall : {"proxy_get_current_time_nanoseconds", "proxy_get_shared_data"}) {
    host().failHostcall(hostcall, Status::InternalFailure);
    EXPECT_EQ(ask("find a"), "InternalFailure") << hostcall;
    host().clearFaults();
  }
  for (const std::string hostcall : {"proxy_get_current_time_nanoseconds", "proxy_set_shared_data"}) {
    host().failHostcall(hostcall, Status::InternalFailure);
    EXPECT_EQ(ask("keep a 1000 x"), "InternalFailure") << hostcall;
    host().clearFaults();
  }
  host().failHostcall("proxy_set_shared_data", Status::CasMismatch);
  EXPECT_EQ(ask("remove a"), "Ok");  // Another VM was first.
  host().failHostcall("proxy_set_shared_data", Status::InternalFailure);
  EXPECT_EQ(ask("remove a"), "InternalFailure");
}

}  // namespace
