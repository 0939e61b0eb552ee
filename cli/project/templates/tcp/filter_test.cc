#include <sluice/testing.h>

using namespace sluice::testing;

class FilterNameTest : public FilterTest {};

TEST_F(FilterNameTest, WaitsForTheWholeGreeting) {
  ASSERT_TRUE(start());
  TcpStream& stream = openTcpStream();
  stream.downstreamData("HE");
  EXPECT_EQ(stream.received().data(), "");
  stream.downstreamData("LO you");
  EXPECT_EQ(stream.received().data(), "HELO you");
}

TEST_F(FilterNameTest, ClosesOtherConnections) {
  ASSERT_TRUE(start());
  TcpStream& stream = openTcpStream();
  stream.downstreamData("GET /");
  EXPECT_TRUE(stream.closed());
  EXPECT_EQ(stream.received().data(), "");
}
