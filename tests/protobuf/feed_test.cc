// Typed messages of a gRPC stream.
#include <sluice/testing.h>

#include <string>

using namespace sluice::testing;
using sluice::LogLevel;
using sluice::host::GrpcReply;
using ::testing::Contains;
using ::testing::ElementsAre;

namespace {

using namespace std::string_literals;

class Feed : public FilterTest {
 protected:
  void SetUp() override {
    host().addGrpcService("feed", sluice::host::GrpcService{});
    ASSERT_TRUE(start());
    host().runPending();
    ASSERT_EQ(host().grpcStreams().size(), 1u);
  }
  sluice::host::GrpcStream& stream() { return *host().grpcStreams().back(); }
  void service(const std::string& message) {
    stream().send(message);
    host().runPending();
  }
};

TEST_F(Feed, MessagesAreSentAndRead) {
  EXPECT_THAT(stream().received(), ElementsAre("\x0a\x05hello"));
  service("\x0a\x04leaf\x4a\x00\x4a\x00"s);
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, "a tree: leaf with 2 children")));
  service("");
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, "a tree:  with 0 children")));
  service(
      "\x0a\x05"
      "again");
  EXPECT_THAT(stream().received(), ElementsAre("\x0a\x05hello",
                                               "\x0a\x05"
                                               "again"));
}

TEST_F(Feed, AMalformedMessageIsAnErrorValueAndTheStreamGoesOn) {
  for (const auto& bytes :
       {"\x0a\x09leaf"s, "\x0a"s, "\x0b"s, "\x00\x00"s, "\x0a\x02\xc3\x28"s, std::string(65536, '\xff')}) {
    host().clearLogs();
    service(bytes);
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, "no tree: ParseFailure")));
  }
  service("\x0a\x04leaf");
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, "a tree: leaf with 0 children")));
}

TEST_F(Feed, MalformedFramesEndTheStream) {
  stream().end(GrpcReply::malformed());
  host().runPending();
  EXPECT_THAT(logs(), ElementsAre(LogLine(LogLevel::Info, ::testing::StartsWith("closed: "))));
}

}  // namespace
