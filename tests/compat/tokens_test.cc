// Old-style calls whose answers come with a token.
#include "sluice/testing.h"

namespace sluice::testing {
namespace {

using host::CalloutReply;
using host::GrpcReply;
using ::testing::IsSupersetOf;

class OldTokens : public FilterTest {};

TEST_F(OldTokens, AnswersComeToTheRootsOwnCallbacks) {
  host().addCluster("service", CalloutReply::of(ok("hello")));
  host().addGrpcService(
      "grpc", host::GrpcService{.onCall = [](const host::GrpcCall&) { return GrpcReply::of("unary"); },
                                .onMessage = [](host::GrpcStream& stream, std::string_view) { stream.send("echo"); },
                                .onHalfClose = [](host::GrpcStream& stream) { stream.end(); }});
  ASSERT_TRUE(start());
  plugin().callback("proxy_on_tick", {plugin().rootContextId()});
  host().runPending();
  std::vector<std::string> texts;
  for (const auto& line : logs()) texts.push_back(line.text);
  EXPECT_THAT(texts, IsSupersetOf({"send: Ok", "http mine 3 hello", "message call unary", "initial metadata stream",
                                   "message stream echo", "trailing metadata stream", "close stream 0"}));
}

}  // namespace
}  // namespace sluice::testing
