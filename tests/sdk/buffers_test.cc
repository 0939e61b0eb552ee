// Buffer: reading and changing bodies and the configuration.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;

struct BodyCase {
  std::string buffer;
  std::string callback;
};

void PrintTo(const BodyCase& bodyCase, std::ostream* out) { *out << bodyCase.buffer; }

class EveryBody : public ScriptTest, public ::testing::WithParamInterface<BodyCase> {
 protected:
  EveryBody() = default;
  explicit EveryBody(Profile profile) : ScriptTest(std::move(profile)) {}

  ScriptCall call(const std::string& method, std::vector<std::string> arguments = {}) const {
    return {GetParam().callback, GetParam().buffer + '.' + method, std::move(arguments)};
  }
  std::string answer(const std::string& method, const std::string& text) const {
    return GetParam().buffer + '.' + method + text;
  }
  /// Plays a stream with this body in both directions; returns the body that arrived.
  std::string play(std::vector<std::string> chunks) {
    Message request = get("/");
    request.chunks = chunks;
    Message response = ok();
    response.chunks = chunks;
    const auto exchange = send(request, response);
    return GetParam().buffer == "requestBody" ? exchange.request.body() : exchange.response.body();
  }
};

/// The same tests on a host that replaces parts of a body, as the ABI specification says.
class EveryBodySpliced : public EveryBody {
 protected:
  EveryBodySpliced() : EveryBody(Profile::specification()) {}
};

const auto kBodies =
    ::testing::Values(BodyCase{"requestBody", "onRequestBody"}, BodyCase{"responseBody", "onResponseBody"});
INSTANTIATE_TEST_SUITE_P(Bodies, EveryBody, kBodies);
INSTANTIATE_TEST_SUITE_P(Bodies, EveryBodySpliced, kBodies);

TEST_P(EveryBody, RangesAreRead) {
  ASSERT_TRUE(
      startScript({call("size"), call("getAll"), call("get", {"0", "3"}), call("get", {"2", "2"}), call("get", {"4"}),
                   call("get", {"5"}), call("get", {"6", "1"}), call("get", {"4294967295"}), call("get", {"1", "0"})}));
  play({"01234"});
  EXPECT_THAT(said(), ElementsAre(answer("size", " = 5"), answer("getAll", " = 01234"), answer("get", " = 012"),
                                  answer("get", " = 23"), answer("get", " = 4"), answer("get", " = "),
                                  answer("get", " = "), answer("get", " = "), answer("get", " = ")));
}

TEST_P(EveryBody, MutableBytesAreACopy) {
  ASSERT_TRUE(startScript({call("getMutable", {"1", "3"}), call("getAll"), call("upperCase")}));
  EXPECT_EQ(play({"abcde"}), "ABCDE");
  // The filter writes `*` into the copy.
  EXPECT_THAT(said(),
              ElementsAre(answer("getMutable", " = ***"), answer("getAll", " = abcde"), answer("upperCase", ": Ok")));
}

TEST_P(EveryBody, AnyByteIsRead) {
  const std::string bytes("\0\xff\x80\n\0", 5);
  ASSERT_TRUE(startScript({call("getAll"), call("append", {bytes})}));
  EXPECT_EQ(play({bytes}), bytes + bytes);
  EXPECT_EQ(said().at(0), answer("getAll", " = " + bytes));
}

TEST_P(EveryBody, WholeReplacementAppendAndPrepend) {
  ASSERT_TRUE(startScript({call("replace", {"new"}), call("append", {">"}), call("prepend", {"<"}), call("getAll")}));
  EXPECT_EQ(play({"old"}), "<new>");
  EXPECT_THAT(said(), ElementsAre(answer("replace", ": Ok"), answer("append", ": Ok"), answer("prepend", ": Ok"),
                                  answer("getAll", " = <new>")));
}

TEST_P(EveryBody, ReplacingByNothingEmpties) {
  ASSERT_TRUE(startScript({call("replace", {""}), call("size")}));
  EXPECT_EQ(play({"old"}), "");
  EXPECT_THAT(said(), ElementsAre(answer("replace", ": Ok"), answer("size", " = 0")));
}

TEST_P(EveryBody, DrainFallsBackToReplacingWhereTheHostDoesNotCut) {
  ASSERT_TRUE(startScript({call("drain", {"2"}), call("drain", {"0"})}));
  host().failHostcall("proxy_set_buffer_bytes", Status::BadArgument, 1);
  const auto reads = host().hostcalls("proxy_get_buffer_bytes");
  EXPECT_EQ(play({"01234"}), "234");
  EXPECT_THAT(said(), ElementsAre(answer("drain", ": Ok"), answer("drain", ": Ok")));
  EXPECT_EQ(host().hostcalls("proxy_set_buffer_bytes"), 2u);
  EXPECT_EQ(host().hostcalls("proxy_get_buffer_bytes"), reads + 1);
}

TEST_P(EveryBody, DrainIsOneHostcallWhereTheHostCuts) {
  ASSERT_TRUE(startScript({call("drain", {"2"})}));
  const auto reads = host().hostcalls("proxy_get_buffer_bytes");
  EXPECT_EQ(play({"01234"}), "234");
  EXPECT_EQ(host().hostcalls("proxy_set_buffer_bytes"), 1u);
  EXPECT_EQ(host().hostcalls("proxy_get_buffer_bytes"), reads);
}

TEST_P(EveryBody, DrainingAllOrMoreEmpties) {
  ASSERT_TRUE(startScript({call("drain", {"5"}), call("append", {"x"}), call("drain", {"100"}), call("size")}));
  EXPECT_EQ(play({"01234"}), "");
  EXPECT_THAT(said(), ElementsAre(answer("drain", ": Ok"), answer("append", ": Ok"), answer("drain", ": Ok"),
                                  answer("size", " = 0")));
}

TEST_P(EveryBody, DrainTellsWhatTheHostSays) {
  ASSERT_TRUE(startScript({call("drain", {"2"})}));
  host().failHostcall("proxy_set_buffer_bytes", Status::NotFound);
  EXPECT_EQ(play({"01234"}), "01234");
  EXPECT_THAT(said(), ElementsAre(answer("drain", ": NotFound")));
}

TEST_P(EveryBody, DrainTellsWhenTheRestCannotBeRead) {
  ASSERT_TRUE(startScript({call("drain", {"2"})}));
  host().failHostcall("proxy_set_buffer_bytes", Status::BadArgument);
  host().failHostcall("proxy_get_buffer_bytes", Status::InternalFailure);
  EXPECT_EQ(play({"01234"}), "01234");
  EXPECT_THAT(said(), ElementsAre(answer("drain", ": InternalFailure")));
}

TEST_P(EveryBody, EnvoyTakesNoSplice) {
  ASSERT_TRUE(startScript({call("set", {"1", "2", "x"})}));
  EXPECT_EQ(play({"01234"}), "01234");
  EXPECT_THAT(said(), ElementsAre(answer("set", ": BadArgument")));
}

TEST_P(EveryBodySpliced, SetReplacesARange) {
  ASSERT_TRUE(startScript({call("set", {"1", "2", "abc"}), call("set", {"100", "1", "$"}), call("drain", {"1"})}));
  EXPECT_EQ(play({"01234"}), "abc34$");
  EXPECT_THAT(said(), ElementsAre(answer("set", ": Ok"), answer("set", ": Ok"), answer("drain", ": Ok")));
}

TEST_P(EveryBody, EachChunkIsABodyOfItsOwn) {
  ASSERT_TRUE(startScript({call("getAll"), call("append", {"."})}));
  EXPECT_EQ(play({"ab", "cd"}), "ab.cd.");
  EXPECT_THAT(said(), ElementsAre(answer("getAll", " = ab"), answer("append", ": Ok"), answer("getAll", " = cd"),
                                  answer("append", ": Ok")));
}

class Buffers : public ScriptTest {};

TEST_F(Buffers, TheConfigurationCanBeReadInPartsButNotChanged) {
  ASSERT_TRUE(startScript({{"onConfigure", "configuration.get", {"0", "9"}},
                           {"onConfigure", "configuration.replace", {"x"}},
                           {"onRequestHeaders", "configuration.size"}}));
  send(get("/"));
  EXPECT_THAT(said(), ElementsAre("configuration.get = configure", "configuration.replace: BadArgument", ::testing::_));
}

TEST_F(Buffers, ABodyThatIsNotThereReadsAsTheHostHasIt) {
  ASSERT_TRUE(
      startScript({{"onRequestHeaders", "requestBody.getAll"}, {"onRequestHeaders", "requestBody.replace", {"x"}}}));
  send(get("/"));
  EXPECT_THAT(said(), ElementsAre("requestBody.getAll = ", "requestBody.replace: BadArgument"));
}

}  // namespace
}  // namespace sluice::testing
