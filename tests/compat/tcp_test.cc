// An old-style TCP filter.
#include "sluice/testing.h"

namespace sluice::testing {
namespace {

class OldTcp : public FilterTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(start());
    connection_ = plugin().openTcpStream();
  }
  void TearDown() override {
    connection_.reset();
    FilterTest::TearDown();
  }
  ::testing::AssertionResult said(const std::string& text) {
    for (const auto& line : logs()) {
      if (line.text.ends_with("() " + text)) return ::testing::AssertionSuccess();
    }
    return ::testing::AssertionFailure() << "no line says " << text;
  }
  std::unique_ptr<host::TcpStream> connection_;
};

TEST_F(OldTcp, SeesAndChangesDataOfBothSides) {
  EXPECT_TRUE(said("new connection"));
  connection_->downstreamData("half");
  EXPECT_TRUE(connection_->downstreamPaused());
  connection_->downstreamData(" line\n");
  EXPECT_EQ(connection_->received().data(), "[half line\n]");
  connection_->upstreamData("answer");
  EXPECT_EQ(connection_->answer().data(), "(answer)");
  connection_->downstreamData("rest", true);
  EXPECT_TRUE(said("downstream rest end"));
}

TEST_F(OldTcp, SeesWhoCloses) {
  connection_->downstreamClose();
  EXPECT_TRUE(connection_->closed());
  EXPECT_TRUE(said("downstream closed by the peer"));
  EXPECT_TRUE(said("log"));
}

TEST_F(OldTcp, SeesTheUpstreamClose) {
  connection_->upstreamData("bye", true);
  EXPECT_TRUE(said("upstream bye end"));
  EXPECT_TRUE(said("upstream closed by somebody"));
  connection_->upstreamClose();
  EXPECT_TRUE(said("downstream closed by the proxy"));
}

TEST_F(OldTcp, Closes) {
  connection_->downstreamData("close");
  EXPECT_TRUE(connection_->closed());
}

}  // namespace
}  // namespace sluice::testing
