// HeaderMap and HeaderPairs: all HTTP header maps, many values, any bytes.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;

const std::string kBinary("\x00\xff\xfe\x80 \x00z", 7);

/// A header map, and the callback in which it can be changed.
struct MapCase {
  std::string map;
  std::string callback;
};

void PrintTo(const MapCase& mapCase, std::ostream* out) { *out << mapCase.map; }

class EveryMap : public ScriptTest, public ::testing::WithParamInterface<MapCase> {
 protected:
  ScriptCall call(const std::string& method, std::vector<std::string> arguments = {}) const {
    return {GetParam().callback, GetParam().map + '.' + method, std::move(arguments)};
  }
  std::string answer(const std::string& method, const std::string& text) const {
    return GetParam().map + '.' + method + text;
  }

  /// Plays a stream with `extra` in every header map; returns the map that the other end received.
  Headers play(const Headers& extra) {
    auto with = [&extra](Headers headers) {
      headers.insert(headers.end(), extra.begin(), extra.end());
      return headers;
    };
    Message request = get("/", extra);
    request.chunks = {"body"};
    request.trailers = with({{"end", "request"}});
    Message response = ok("body", extra);
    response.trailers = with({{"end", "response"}});
    const auto exchange = send(request, response);
    if (GetParam().map == "requestHeaders") return exchange.request.headers;
    if (GetParam().map == "requestTrailers") return exchange.request.trailers;
    if (GetParam().map == "responseHeaders") return exchange.response.headers;
    return exchange.response.trailers;
  }
};

INSTANTIATE_TEST_SUITE_P(Maps, EveryMap,
                         ::testing::Values(MapCase{"requestHeaders", "onRequestHeaders"},
                                           MapCase{"requestTrailers", "onRequestTrailers"},
                                           MapCase{"responseHeaders", "onResponseHeaders"},
                                           MapCase{"responseTrailers", "onResponseTrailers"}));

TEST_P(EveryMap, GetGivesTheFirstValueOrNotFound) {
  ASSERT_TRUE(startScript({call("get", {"x-many"}), call("get", {"X-MANY"}), call("get", {"absent"})}));
  play({{"x-many", "one"}, {"x-many", "two"}});
  EXPECT_THAT(said(), ElementsAre(answer("get", " = one"), answer("get", " = one"), answer("get", ": NotFound")));
}

TEST_P(EveryMap, GetAllGivesEveryValueInOrder) {
  ASSERT_TRUE(startScript({call("remove", {"end"}), call("setAll", {"a", "1", "b", "", "a", "2"}), call("getAll"),
                           call("find", {"a"}), call("find", {"absent"})}));
  play({});
  EXPECT_THAT(said(),
              ElementsAre(answer("remove", ": Ok"), answer("setAll", ": Ok"), answer("getAll", " = 3 a=1 b= a=2"),
                          answer("find", " = 1"), answer("find", " = none")));
}

TEST_P(EveryMap, AddKeepsReplaceDropsRemoveRemovesAllValues) {
  ASSERT_TRUE(
      startScript({call("add", {"x-added", "2"}), call("replace", {"x-replaced", "3"}), call("replace", {"x-new", "4"}),
                   call("remove", {"x-removed"}), call("remove", {"x-never"})}));
  const auto received =
      play({{"x-added", "1"}, {"x-replaced", "1"}, {"x-replaced", "2"}, {"x-removed", "1"}, {"x-removed", "2"}});
  EXPECT_THAT(received, HasHeaderValues("x-added", {"1", "2"}));
  EXPECT_THAT(received, HasHeaderValues("x-replaced", {"3"}));
  EXPECT_THAT(received, HasHeaderValues("x-new", {"4"}));
  EXPECT_THAT(received, HasNoHeader("x-removed"));
  EXPECT_THAT(said(), ElementsAre(answer("add", ": Ok"), answer("replace", ": Ok"), answer("replace", ": Ok"),
                                  answer("remove", ": Ok"), answer("remove", ": Ok")));
}

TEST_P(EveryMap, ValuesMayHoldAnyByte) {
  // HTTP cannot carry NUL bytes, so the filter removes the header before the message goes on.
  ASSERT_TRUE(startScript(
      {call("add", {"x-binary", kBinary}), call("get", {"x-binary"}), call("setAllFromViews", {"none"}), call("getAll"),
       call("replace", {"x-binary", kBinary + kBinary}), call("find", {"x-binary"}), call("remove", {"x-binary"})}));
  play({});
  EXPECT_EQ(said().at(1), answer("get", " = " + kBinary));
  EXPECT_THAT(said().at(3), ::testing::HasSubstr(" x-binary=" + kBinary));
  EXPECT_EQ(said().at(5), answer("find", " = " + kBinary + kBinary));
}

TEST_P(EveryMap, ValuesNeedNotBeUtf8) {
  const std::string bytes = "\xff\xfe \x80\xc0";
  ASSERT_TRUE(
      startScript({call("get", {"x-bytes"}), call("add", {"x-more", bytes}), call("setAllFromViews", {"none"})}));
  const auto received = play({{"x-bytes", bytes}});
  EXPECT_EQ(said().at(0), answer("get", " = " + bytes));
  EXPECT_THAT(received, HasHeaderValues("x-bytes", {bytes}));
  EXPECT_THAT(received, HasHeaderValues("x-more", {bytes}));
}

TEST_P(EveryMap, SetAllTakesViewsOfGetAll) {
  ASSERT_TRUE(startScript({call("setAllFromViews", {"x-drop"})}));
  const auto received = play({{"x-a", "1"}, {"x-drop", "2"}, {"x-a", "3"}});
  EXPECT_THAT(said(), ElementsAre(answer("setAllFromViews", ": Ok")));
  EXPECT_THAT(received, HasHeaderValues("x-a", {"3", "1"}));  // The filter reverses the order.
  EXPECT_THAT(received, HasNoHeader("x-drop"));
}

TEST_P(EveryMap, SetAllTakesAListInBraces) {
  ASSERT_TRUE(startScript({call("setAllInBraces", {kBinary}), call("getAll")}));
  play({{"x-a", "1"}});
  EXPECT_THAT(said(), ElementsAre(answer("setAllInBraces", ": Ok"), answer("getAll", " = 2 a=1 b=" + kBinary)));
}

TEST_P(EveryMap, SetAllOfNothingEmptiesTheMap) {
  ASSERT_TRUE(startScript({call("setAll"), call("getAll"), call("byteSize"), call("get", {"x-a"})}));
  play({{"x-a", "1"}});
  EXPECT_THAT(said(), ElementsAre(answer("setAll", ": Ok"), answer("getAll", " = 0"), answer("byteSize", " = 0"),
                                  answer("get", ": NotFound")));
}

TEST_P(EveryMap, ByteSizeCountsNamesAndValues) {
  ASSERT_TRUE(startScript({call("setAll", {"abc", "12", "d", ""}), call("byteSize")}));
  play({});
  EXPECT_EQ(said().at(1), answer("byteSize", " = 6"));
}

TEST_P(EveryMap, ManyAndLongHeadersFit) {
  Headers many;
  for (int i = 0; i < 900; ++i) many.emplace_back("x-" + std::to_string(i), std::string(1000, 'v'));
  ASSERT_TRUE(startScript({call("setAllFromViews", {"none"}), call("get", {"x-899"})}));
  const auto received = play(many);
  EXPECT_EQ(said().at(0), answer("setAllFromViews", ": Ok"));
  EXPECT_EQ(said().at(1), answer("get", " = " + std::string(1000, 'v')));
  EXPECT_THAT(received, HasHeaderValues("x-0", {std::string(1000, 'v')}));
}

class HeaderMaps : public ScriptTest {};

TEST_F(HeaderMaps, MapsThatAreNotThereNowAnswerTheHostsStatus) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "responseHeaders.get", {"a"}},
                           {"onRequestHeaders", "responseHeaders.add", {"a", "1"}},
                           {"onRequestHeaders", "responseTrailers.getAll"},
                           {"onRequestHeaders", "requestTrailers.byteSize"}}));
  send(get("/"));
  EXPECT_THAT(said(), ElementsAre("responseHeaders.get: BadArgument", "responseHeaders.add: BadArgument",
                                  "responseTrailers.getAll = 0", "requestTrailers.byteSize: BadArgument"));
}

TEST_F(HeaderMaps, TheContextsAccessorsNameTheMapsAndBodies) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "stream.maps"}}));
  host().failHostcall("proxy_get_header_map_size", Status::Ok);
  send(get("/"));
  EXPECT_EQ(said().size(), 6u);
  EXPECT_EQ(host().hostcalls("proxy_get_header_map_size"), 4u);
  EXPECT_EQ(host().hostcalls("proxy_get_buffer_status"), 2u);
}

TEST_F(HeaderMaps, ReadingAHeaderIsOneHostcallAndOneAllocation) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "requestHeaders.get", {":path"}}}));
  host().setLogLevel(LogLevel::Critical);
  const auto before = host().hostcalls();
  const auto crossings = plugin().counts().crossings;
  openStream().requestHeaders(get("/path").headers, true);
  // This call, and proxy_get_log_level in onCreate and here.
  EXPECT_EQ(host().hostcalls() - before, 3u);
  // The hostcalls, two callbacks, and the allocation for the value.
  EXPECT_EQ(plugin().counts().crossings - crossings, 6u);
}

}  // namespace
}  // namespace sluice::testing
