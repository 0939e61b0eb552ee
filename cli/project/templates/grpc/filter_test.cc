#include <sluice/testing.h>

using namespace sluice;
using namespace sluice::testing;

class FilterNameTest : public FilterTest {
 protected:
  // Starts the filter with a service that always gives this answer.
  void startWith(host::GrpcReply reply) {
    host().addGrpcService("policies", std::move(reply));
    ASSERT_TRUE(start({.configuration = "policies"}));
  }
};

TEST_F(FilterNameTest, PassesWhatTheServiceAgreesTo) {
  startWith(host::GrpcReply::of("yes"));
  EXPECT_THAT(send(get("/orders"), ok("good day")).response, HasBody("good day"));
  ASSERT_EQ(host().grpcCalls().size(), 1U);
  EXPECT_EQ(host().grpcCalls()[0].message, "/orders");
}

TEST_F(FilterNameTest, RefusesWhatTheServiceRefuses) {
  startWith(host::GrpcReply::of("closed on Sundays"));
  EXPECT_THAT(send(get("/")), IsLocalResponse(403, "no\n"));
}

TEST_F(FilterNameTest, RefusesWithoutADecision) {
  startWith(host::GrpcReply::error(GrpcStatus::Unavailable));
  EXPECT_THAT(send(get("/")), IsLocalResponse(503));
}

TEST_F(FilterNameTest, RefusesAnEmptyConfiguration) { EXPECT_FALSE(start()); }
