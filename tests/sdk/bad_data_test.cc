// A host that gives bad data to the guest: malformed maps, nothing, too much, or memory that it did not allocate.
#include <cstring>

#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string word(uint32_t value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

/// A map, serialized as the specification says.
std::string pairs(const Headers& headers) {
  std::string bytes = word(static_cast<uint32_t>(headers.size()));
  for (const auto& [name, value] : headers)
    bytes += word(static_cast<uint32_t>(name.size())) + word(static_cast<uint32_t>(value.size()));
  for (const auto& [name, value] : headers) bytes += name + '\0' + value + '\0';
  return bytes;
}

const std::string kPairs = pairs({{"name", "value"}, {"empty", ""}, {"", "nameless"}, {"z", std::string("\0\xff", 2)}});
constexpr std::string_view kPairsTold(" = 4 name=value empty= =nameless z=\0\xff", 37);

class BadData : public ScriptTest {
 protected:
  /// The filter's reading of a map whose bytes are `bytes`.
  std::string map(const std::string& bytes) {
    host().answerHostcall("proxy_get_header_map_pairs", bytes);
    return callLast("proxy_on_tick");
  }
  /// The last line that the root context logs in a callback.
  std::string callLast(std::string_view callback) {
    plugin().callback(callback, {plugin().rootContextId()});
    return said().empty() ? "" : said().back();
  }
};

class BadMaps : public BadData {
 protected:
  void SetUp() override { ASSERT_TRUE(startScript({{"onTick", "requestHeaders.getAll"}})); }
};

TEST_F(BadMaps, AWellFormedOneIsRead) {
  EXPECT_EQ(map(kPairs), "requestHeaders.getAll" + std::string(kPairsTold));
  EXPECT_EQ(map(pairs({})), "requestHeaders.getAll = 0");
  EXPECT_EQ(map(""), "requestHeaders.getAll = 0");
  EXPECT_EQ(map(std::string(1, '\0')), "requestHeaders.getAll = 0");
}

TEST_F(BadMaps, CutAnywhereItIsAParseFailure) {
  for (size_t size = 1; size < kPairs.size(); ++size) {
    EXPECT_EQ(map(kPairs.substr(0, size)), "requestHeaders.getAll: ParseFailure") << size;
  }
}

TEST_F(BadMaps, BytesLeftOverAreAParseFailure) {
  EXPECT_EQ(map(kPairs + '\0'), "requestHeaders.getAll: ParseFailure");
  EXPECT_EQ(map(pairs({}) + '\0'), "requestHeaders.getAll: ParseFailure");
  EXPECT_EQ(map(kPairs + kPairs), "requestHeaders.getAll: ParseFailure");
}

TEST_F(BadMaps, EverySizeThatIsChangedIsAParseFailure) {
  for (size_t field = 0; field < 9; ++field) {
    uint32_t real = 0;
    std::memcpy(&real, kPairs.data() + 4 * field, sizeof real);
    for (const uint32_t size :
         {0u, 1u, real + 1, real - 1, real + 100, 0x7fffffffu, 0x80000000u, 0xfffffff0u, 0xffffffffu}) {
      if (size == real) continue;
      auto bytes = kPairs;
      bytes.replace(4 * field, 4, word(size));
      EXPECT_EQ(map(bytes), "requestHeaders.getAll: ParseFailure") << "size " << field << " as " << size;
    }
  }
}

TEST_F(BadMaps, ATerminatorThatIsNoneIsAParseFailure) {
  const std::string one = pairs({{"a", "b"}});
  for (const size_t terminator : {one.size() - 1, one.size() - 3}) {
    auto bytes = one;
    bytes[terminator] = 'x';
    EXPECT_EQ(map(bytes), "requestHeaders.getAll: ParseFailure");
  }
  EXPECT_EQ(map(word(1) + word(1) + word(1) + "ab"), "requestHeaders.getAll: ParseFailure");
}

TEST_F(BadMaps, ShortNonsenseIsAParseFailure) {
  for (const auto& bytes : {std::string("x"), std::string("\1"), std::string(2, '\0'), std::string(3, '\0'), word(1),
                            word(0xffffffff), word(0x20000000) + std::string(8, '\0')}) {
    EXPECT_EQ(map(bytes), "requestHeaders.getAll: ParseFailure") << bytes.size();
  }
}

TEST_F(BadMaps, AFilterSetsNothingFromWhatItCannotRead) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "requestHeaders.setAllFromViews", {"x"}},
                           {"onRequestHeaders", "getTypedProperty", {"kRequestHeaders"}}}));
  host().answerHostcall("proxy_get_header_map_pairs", kPairs.substr(0, 20));
  host().answerHostcall("proxy_get_property", kPairs.substr(0, 20));
  EXPECT_THAT(send(get("/path")).request.headers, HasHeader(":path", "/path"));
  EXPECT_THAT(said(), ElementsAre("requestHeaders.setAllFromViews: ParseFailure", "kRequestHeaders: ParseFailure"));
}

/// A hostcall that gives bytes to the guest, and the SDK call that uses it.
struct Source {
  std::string hostcall;
  ScriptCall call;
};

const Source kSources[] = {
    {"proxy_get_header_map_value", {"onTick", "requestHeaders.get", {":path"}}},
    {"proxy_get_header_map_pairs", {"onTick", "requestHeaders.getAll"}},
    {"proxy_get_buffer_bytes", {"onTick", "requestBody.getAll"}},
    {"proxy_get_buffer_bytes", {"onTick", "requestBody.get", {"0", "8"}}},
    {"proxy_get_buffer_bytes", {"onTick", "configuration"}},
    {"proxy_get_property", {"onTick", "getProperty", {"request", "path"}}},
};

class BadPlaces : public BadData, public ::testing::WithParamInterface<Source> {
 protected:
  void SetUp() override { ASSERT_TRUE(startScript({{"onTick", "requestHeaders.get", {"x"}}, GetParam().call})); }
  std::string misplaced(uint64_t address, uint64_t size) {
    host().misplaceHostcall(GetParam().hostcall, address, size);
    return callLast("proxy_on_tick");
  }
  const std::string function_ = GetParam().call.function;
};

void PrintTo(const Source& source, std::ostream* out) { *out << source.call.function; }
INSTANTIATE_TEST_SUITE_P(Sources, BadPlaces, ::testing::ValuesIn(kSources));

TEST_P(BadPlaces, MemoryThatWasNotAskedForIsInvalid) {
  for (const uint64_t address : {uint64_t{0}, uint64_t{1}, uint64_t{8}, uint64_t{1024}, uint64_t{65536},
                                 uint64_t{131071}, uint64_t{0x7fffffff}, uint64_t{0xfffffff0}, uint64_t{0xffffffff}}) {
    for (const uint64_t size :
         {uint64_t{1}, uint64_t{7}, uint64_t{65536}, uint64_t{0x80000000}, uint64_t{0xffffffff}}) {
      EXPECT_EQ(misplaced(address, size), function_ + ": InvalidMemoryAccess") << size << " bytes at " << address;
    }
  }
}

TEST_P(BadPlaces, NoBytesMayLieAnywhere) {
  for (const uint64_t address : {uint64_t{0}, uint64_t{1}, uint64_t{0xffffffff}}) {
    const auto said = misplaced(address, 0);
    EXPECT_THAT(said, ::testing::AnyOf(function_ + " = ", function_ + " = 0")) << address;
  }
}

TEST_P(BadPlaces, AnOkWithoutAnythingIsEmpty) {
  host().failHostcall(GetParam().hostcall, Status::Ok);
  EXPECT_THAT(callLast("proxy_on_tick"), ::testing::AnyOf(function_ + " = ", function_ + " = 0"));
}

TEST_P(BadPlaces, NoMemoryForTheBytesIsTheHostsError) {
  host().answerHostcall(GetParam().hostcall, pairs({{"a", "b"}}));
  host().failAllocation(1, true);
  EXPECT_EQ(callLast("proxy_on_tick"), function_ + ": InvalidMemoryAccess");
}

TEST_F(BadData, MoreBytesThanWereAskedForAreAMismatch) {
  ASSERT_TRUE(
      startScript({{"onTick", "requestBody.get", {"0", "4"}}, {"onTick", "requestBody.getMutable", {"0", "4"}}}));
  host().answerHostcall("proxy_get_buffer_bytes", "12345");
  callLast("proxy_on_tick");
  EXPECT_THAT(said(), ElementsAre("requestBody.get: ResultMismatch", "requestBody.getMutable: ResultMismatch"));
}

TEST_F(BadData, TheOldestBlockIsNotTheLatest) {
  // The SDK frees the configuration's block when onConfigure returns, so a host must not return it again.
  ASSERT_TRUE(startScript({{"onTick", "requestHeaders.get", {"x"}}}));
  const uint64_t block = plugin().callback("proxy_on_memory_allocate", {64});
  EXPECT_NE(block, 0u);
  plugin().callback("proxy_on_log", {plugin().rootContextId()});
  host().misplaceHostcall("proxy_get_header_map_value", block, 4);
  EXPECT_EQ(callLast("proxy_on_tick"), "requestHeaders.get: InvalidMemoryAccess");
}

// --- Configurations

class BadConfigurations : public ScriptTest {};

TEST_F(BadConfigurations, NoneIsEmpty) {
  ASSERT_TRUE(start());
  EXPECT_THAT(send(get("/")).response, HasStatus(200));
}

TEST_F(BadConfigurations, BytesOfAnyKindAreJustBytes) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (const auto& configuration : {std::string(1, '\0'), all, std::string(100, ' '), std::string(100, '\n'),
                                    std::string(100, '\\'), std::string(100, '@'), std::string(100, '$'),
                                    std::string("configure@ \"\"\nconfigure \\\nconfigure \\x\nconfigure@x \\x1"),
                                    std::string("configure no\\ssuch\\sfunction")}) {
    EXPECT_TRUE(start({.vmConfiguration = configuration, .configuration = configuration}));
  }
  EXPECT_THAT(said(), Each(HasSubstr("no such function")));
}

TEST_F(BadConfigurations, AHugeOneIsRead) {
  ASSERT_TRUE(
      start({.configuration = scriptText({{"onConfigure", "configuration.size"}}) + std::string(4 << 20, 'x')}));
  ASSERT_EQ(said().size(), 1u);
  EXPECT_THAT(said().back(), HasSubstr("configuration.size = 4194"));
  EXPECT_THAT(send(get("/")).response, HasStatus(200));
}

TEST_F(BadConfigurations, OneThatDoesNotFitIsAnErrorThatTheFilterSees) {
  if (!isWasmRun()) GTEST_SKIP() << "Memory has a limit in the .wasm run.";
  ASSERT_TRUE(start({.configuration = std::string(4 << 20, 'x'), .limits = {.memoryPages = 10}}));
  EXPECT_THAT(trace(), Contains(HasSubstr("onConfigure 4194304")));
}

TEST_F(BadConfigurations, AHostThatHasNoneAfterAllIsAnError) {
  host().failHostcall("proxy_get_buffer_bytes", Status::NotFound);
  EXPECT_TRUE(startScript({{"onConfigure", "configuration"}}));
}

}  // namespace
}  // namespace sluice::testing
