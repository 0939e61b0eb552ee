// The record of crossings says what passed between host and guest, and costs nothing until a test asks for it.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;
using ::testing::SizeIs;

// Reads a header and adds one.
constexpr std::string_view kReadAndAdd = R"(
    (func $work (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (drop (call $get_value (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 1008) (i32.const 1012)))
      (drop (call $work (call $work (i32.const 7))))
      (drop (call $add_value (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 17) (i32.const 2)))
      (drop (call $get_value (i32.const 2) (i32.const 0) (i32.const 5) (i32.const 1008) (i32.const 1012)))
      (i32.const 0))
    (data (i32.const 0) ":path") (data (i32.const 16) "x<>"))";

class CrossingTest : public GuestTest {
 protected:
  /// Each crossing as "depth name status".
  std::vector<std::string> recorded() const {
    std::vector<std::string> lines;
    for (const Crossing& crossing : host.crossings()) {
      lines.push_back(std::to_string(crossing.depth) + " " + crossing.name +
                      (crossing.status ? " " + std::string(toString(*crossing.status)) : ""));
    }
    return lines;
  }
  const Crossing& at(size_t index) const { return host.crossings().at(index); }
};

TEST_F(CrossingTest, NothingIsRecordedUnlessATestAsksForIt) {
  load(guest(kReadAndAdd))->send(get("/"), ok());
  EXPECT_THAT(host.crossings(), IsEmpty());
  EXPECT_THAT(host.instructionsByFunction(), IsEmpty());
  EXPECT_EQ(host.droppedCrossings(), 0u);
}

TEST_F(CrossingTest, CrossingsAreInOrderWithWhatPasses) {
  host.recordCrossings();
  auto plugin = load(guest(kReadAndAdd), {.name = "adder"});
  plugin->send(get("/a"), ok());
  ASSERT_THAT(recorded(),
              ElementsAre("0 proxy_on_request_headers", "1 proxy_get_header_map_value Ok", "2 proxy_on_memory_allocate",
                          "1 proxy_add_header_map_value Ok", "1 proxy_get_header_map_value BadArgument"));
  const Crossing& callback = at(0);
  EXPECT_EQ(callback.kind, Crossing::Kind::Callback);
  EXPECT_EQ(callback.plugin, "adder");
  EXPECT_EQ(callback.stream, 1u);
  EXPECT_GT(callback.context, callback.root);
  ASSERT_THAT(callback.arguments, SizeIs(3));
  EXPECT_EQ(callback.arguments[2].name, "end_of_stream");
  EXPECT_EQ(callback.arguments[2].number, 1);
  ASSERT_THAT(callback.results, SizeIs(1));
  EXPECT_EQ(callback.results[0].bytes, "Continue");

  const Crossing& read = at(1);
  ASSERT_THAT(read.arguments, SizeIs(2));
  EXPECT_EQ(read.arguments[0].name, "map");
  EXPECT_EQ(read.arguments[0].bytes, "HttpRequestHeaders");
  EXPECT_EQ(read.arguments[1].bytes, ":path");
  ASSERT_THAT(read.results, SizeIs(1));
  EXPECT_EQ(read.results[0].bytes, "/a");
  EXPECT_EQ(read.bytesCopied, 7u);
  EXPECT_EQ(read.context, callback.context);
  // Five constants and the call.
  EXPECT_EQ(read.instructionsBefore, 6u);

  EXPECT_EQ(at(2).kind, Crossing::Kind::Allocation);
  EXPECT_EQ(at(2).arguments.at(0).number, 2);
  EXPECT_EQ(at(2).results.at(0).number, 16384);
  EXPECT_EQ(read.instructions, at(2).instructions);
  EXPECT_EQ(at(3).arguments.at(2).bytes, "<>");
  EXPECT_THAT(at(4).results, IsEmpty());
}

TEST_F(CrossingTest, CountsAreThoseOfTheCallbacks) {
  host.recordCrossings();
  auto plugin = load(guest(kReadAndAdd));
  plugin->send(get("/a"), ok());
  const Counts counts = plugin->counts();
  EXPECT_EQ(host.crossings().size(), counts.crossings);
  EXPECT_EQ(at(0).instructions, counts.instructions);
  EXPECT_EQ(at(0).bytesCopied, counts.bytesCopied);
}

TEST_F(CrossingTest, EachInstructionBelongsToOneFunction) {
  host.recordCrossings();
  auto plugin = load(guest(kReadAndAdd));
  plugin->send(get("/a"), ok());
  const auto functions = host.instructionsByFunction();
  uint64_t sum = 0;
  std::map<std::string, uint64_t> byName;
  for (const auto& function : functions) {
    EXPECT_EQ(function.module, "a.wasm");
    sum += function.instructions;
    byName[function.function] = function.instructions;
  }
  EXPECT_EQ(sum, plugin->counts().instructions);
  EXPECT_EQ(byName["work"], 2u * 4u);  // Two operands, the sum and the return, twice.
  EXPECT_GT(byName["proxy_on_request_headers"], 20u);
}

TEST_F(CrossingTest, AHostThatAnswersWronglyIsRecordedAsTheGuestSeesIt) {
  host.recordCrossings();
  auto plugin = load(guest(kReadAndAdd));
  host.answerHostcall("proxy_get_header_map_value", "forged");
  host.failHostcall("proxy_add_header_map_value", Status::InternalFailure);
  plugin->send(get("/a"), ok());
  EXPECT_EQ(at(1).results.at(0).bytes, "forged");
  host.recordCrossings();
  host.misplaceHostcall("proxy_get_header_map_value", 0xfffffff0, 100);
  plugin->send(get("/a"), ok());
  ASSERT_GE(host.crossings().size(), 2u);
  EXPECT_EQ(at(1).status, Status::Ok);
  EXPECT_THAT(at(1).results, IsEmpty());
  EXPECT_THAT(recorded(), Contains("1 proxy_add_header_map_value InternalFailure"));
}

TEST_F(CrossingTest, ATrapEndsTheRecordOfItsCrossings) {
  host.recordCrossings();
  auto plugin = load(guest(R"(
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (drop (call $log (i32.const 2) (i32.const 0) (i32.const 1)))
      (unreachable)))"));
  plugin->send(get("/"), ok());
  ASSERT_TRUE(plugin->failure());
  EXPECT_THAT(recorded(), ElementsAre("0 proxy_on_request_headers", "1 proxy_log Ok"));
  EXPECT_FALSE(at(0).returned);
  EXPECT_TRUE(at(1).returned);
  EXPECT_EQ(at(0).instructions, plugin->counts().instructions);
}

TEST_F(CrossingTest, ListsOfFieldsAreDecoded) {
  host.recordCrossings();
  auto plugin = load(guest(R"(
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (drop (call $get_pairs (i32.const 0) (i32.const 1008) (i32.const 1012)))
      (drop (call $set_pairs (i32.const 0) (i32.load (i32.const 1008)) (i32.load (i32.const 1012))))
      (i32.const 0)))"));
  plugin->send(get("/a"), ok());
  const auto& got = at(1).results.at(0);
  EXPECT_EQ(got.kind, CrossingValue::Kind::Fields);
  EXPECT_THAT(got.fields, Contains(std::pair<std::string, std::string>(":path", "/a")));
  EXPECT_EQ(at(3).name, "proxy_set_header_map_pairs");
  EXPECT_EQ(at(3).arguments.at(1).fields, got.fields);
}

TEST_F(CrossingTest, ARecordHasItsLimits) {
  host.recordCrossings(3);
  auto plugin = load(guest(R"(
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (drop (call $log (i32.const 2) (i32.const 0) (i32.const 60000)))
      (i32.const 0)))"));
  plugin->send(get("/"), ok());
  EXPECT_EQ(at(1).arguments.at(1).bytes.size(), CrossingValue::kMaxBytes);
  EXPECT_EQ(at(1).arguments.at(1).size, 60000u);
  plugin->send(get("/"), ok());
  EXPECT_THAT(host.crossings(), SizeIs(3));
  EXPECT_EQ(host.droppedCrossings(), 1u);
  EXPECT_EQ(at(2).depth, 0u);
}

TEST_F(CrossingTest, ARecordOfLargeValuesHasItsLimit) {
  host.recordCrossings();
  auto plugin = load(guest(R"(
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (local $n i32)
      (loop $again
        (drop (call $log (i32.const 0) (i32.const 0) (i32.const 4096)))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $n) (i32.const 17000))))
      (i32.const 0)))"));
  host.setLogLevel(LogLevel::Critical);
  plugin->send(get("/"), ok());
  // 64 MiB hold 16,384 lines of 4 KiB; the levels' names count, too.
  EXPECT_LT(host.crossings().size(), 16'385u);
  EXPECT_GT(host.crossings().size(), 16'300u);
  EXPECT_EQ(host.crossings().size() + host.droppedCrossings(), 1u + 17'000);
}

TEST_F(CrossingTest, BulkMemoryIsCountedByTheByte) {
  auto plugin = load(guest(R"(
    (data $bytes "0123456789")
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 1000))
      (memory.copy (i32.const 0) (i32.const 8) (i32.const 500))
      (memory.init $bytes (i32.const 0) (i32.const 0) (i32.const 10))
      (i32.const 0)))"));
  plugin->send(get("/"), ok());
  EXPECT_EQ(plugin->counts().bulkBytes, 1510u);
  EXPECT_EQ(plugin->counts().instructions, 14u);
  plugin->send(get("/"), ok());
  EXPECT_EQ(plugin->counts().bulkBytes, 3020u);
}

}  // namespace
}  // namespace sluice::host
