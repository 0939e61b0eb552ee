#include <sluice/testing.h>

using namespace sluice;
using namespace sluice::testing;

class FilterNameTest : public FilterTest {
 protected:
  // Starts the filter with a service that always gives this answer.
  void startWith(host::CalloutReply reply) {
    host().addCluster("auth", std::move(reply));
    ASSERT_TRUE(start({.configuration = "auth"}));
  }
};

TEST_F(FilterNameTest, PassesWhatTheServiceAgreesTo) {
  startWith(host::CalloutReply::of(ok("", {{"x-user", "alice"}})));
  const auto exchange = send(get("/", {{"authorization", "Bearer good"}, {"x-user", "root"}}), ok("good day"));
  EXPECT_THAT(exchange.request.headers, HasHeader("x-user", "alice"));
  EXPECT_THAT(exchange.response, HasBody("good day"));
}

TEST_F(FilterNameTest, RefusesWhatTheServiceRefuses) {
  startWith(host::CalloutReply::of(respond(401)));
  EXPECT_THAT(send(get("/")), IsLocalResponse(403, "no\n"));
}

TEST_F(FilterNameTest, RefusesWithoutADecision) {
  startWith(host::CalloutReply::connectionFailure());
  EXPECT_THAT(send(get("/")), IsLocalResponse(503));
}

TEST_F(FilterNameTest, RefusesAnEmptyConfiguration) { EXPECT_FALSE(start()); }
