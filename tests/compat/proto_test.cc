// Old-style filters with protobuf.
#include "sluice/testing.h"

namespace sluice::testing {
namespace {

using host::GrpcReply;
using ::testing::IsSupersetOf;

class OldProto : public FilterTest {
 protected:
  /// google.protobuf.Value{string_value: text}
  static std::string value(const std::string& text) { return field(3, text); }
  /// WKT{struct: {fields: {"cluster": Value{string_value: "service"}}}}
  static std::string configuration() { return field(1, field(1, field(1, "cluster") + field(2, value("service")))); }
  static std::string field(int number, const std::string& bytes) {
    return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
  }
};

TEST_F(OldProto, TypedMessagesBothWays) {
  host().addGrpcService(
      "service",
      host::GrpcService{.onCall = [](const host::GrpcCall& call) { return GrpcReply::of(call.message + value("!")); },
                        .onMessage = [](host::GrpcStream& stream, std::string_view) { stream.send(value("hello")); }});
  ASSERT_TRUE(start({.configuration = configuration()}));
  host().setProperty("my.message", value("a property"));
  plugin().callback("proxy_on_tick", {plugin().rootContextId()});
  host().runPending();
  std::vector<std::string> texts;
  for (const auto& line : logs()) texts.push_back(line.text.substr(line.text.find("() ") + 3));
  EXPECT_THAT(texts, IsSupersetOf({"simple: Ok", "first answer", "call: Ok", "answer: !", "stream: Ok",
                                   "message: hello", "property: a property"}));
  ASSERT_EQ(host().grpcStreams().size(), 1u);
  EXPECT_THAT(host().grpcStreams().front()->received(), ::testing::ElementsAre(value("question"), value("bye")));
}

TEST_F(OldProto, MalformedMessagesAreNone) {
  EXPECT_FALSE(start({.configuration = "\x0a\x7f"}));
  EXPECT_THAT(logs(), ::testing::Contains(LogLine(LogLevel::Error, ::testing::EndsWith("is no message"))));
}

}  // namespace
}  // namespace sluice::testing
