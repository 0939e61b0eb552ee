// Protobuf messages in filters: they serialize to the bytes that were parsed, and malformed bytes give an error value.
#include <sluice/testing.h>

#include <string>
#include <string_view>

using namespace sluice::testing;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

using namespace std::string_literals;

class Protobuf : public FilterTest {
 protected:
  void SetUp() override { ASSERT_TRUE(start()); }

  // The filter's serialization of the message that it parsed, or the status when parsing failed.
  std::string pass(std::string_view path, const std::string& bytes) {
    auto response = send(post(path, bytes)).response;
    return response.status() == 200 ? response.body() : std::to_string(response.status());
  }
};

TEST_F(Protobuf, EveryKindOfFieldComesBack) {
  const auto leaf = "\x0a\x04leaf"s;
  const auto tree =
      "\x0a\x04root"s                                  // name
      "\x12\x03\x00\xff\x80"s                          // data
      "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s  // number, 2^64 - 1
      "\x20\x03"s                                      // signed_number, -2
      "\x2d\x01\x02\x03\x04"s                          // fixed
      "\x31\x00\x00\x00\x00\x00\x00\xf8\x3f"s          // ratio, 1.5
      "\x38\x01"s                                      // set
      "\x40\x01"s                                      // kind
      "\x4a\x06"s +
      leaf + "\x4a\x00"s              // children
      + "\x52\x03\x01\xac\x02"s       // packed: 1, 300
      + "\x5a\x05\x0a\x01k\x10\x09"s  // counts
      + "\x6a\x06"s + leaf            // tree
      + "\x75\x00\x00\x00\x00"s;      // perhaps, present though 0
  EXPECT_EQ(pass("/tree", tree), tree);
  EXPECT_EQ(pass("/tree", ""), "");
}

TEST_F(Protobuf, UnknownFieldsAreKept) {
  const auto unknown = "\xa2\x06\x03new"s;  // field 100
  EXPECT_EQ(pass("/tree", unknown + "\x0a\x04root"s), "\x0a\x04root"s + unknown);
}

TEST_F(Protobuf, OfFieldsThatComeTwiceTheLastCounts) {
  EXPECT_EQ(pass("/tree",
                 "\x0a\x01"
                 "a\x0a\x01"
                 "b"s),
            "\x0a\x01"
            "b"s);
  EXPECT_EQ(pass("/tree",
                 "\x62\x01"
                 "a\x6a\x00"s),
            "\x6a\x00"s);
}

TEST_F(Protobuf, MalformedBytesAreAnErrorValue) {
  const std::string malformed[] = {
      "\x0a"s,                                              // a length is missing
      "\x0a\x05root"s,                                      // fewer bytes than the length says
      "\x0a\xff\xff\xff\xff\x07root"s,                      // 2^31 - 1 bytes
      "\x0a\xff\xff\xff\xff\x0froot"s,                      // 2^32 - 1
      "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01root"s,  // 2^64 - 1
      "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s,  // a varint of eleven bytes
      "\x18"s,                                              // no varint
      "\x2d\x01\x02"s,                                      // half a fixed32
      "\x00\x01"s,                                          // field 0
      "\x0b"s,                                              // a group that does not end
      "\x0c"s,                                              // one that ends before it starts
      "\x0e"s,                                              // an invalid wire type
      "\x0f"s,
      "\x0a\x02\xc3\x28"s,     // a string that is not UTF-8
      "\x4a\x05\x0a\x04lea"s,  // a child's string runs past the child
      "\x52\x02\x01\xff"s,     // a packed varint runs past its field
      "\x5a\x03\x0a\x01"s,     // a map's entry runs past the message
      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"s,
  };
  for (const auto& bytes : malformed) {
    host().clearLogs();
    EXPECT_EQ(pass("/tree", bytes), "400") << ::testing::PrintToString(bytes);
    EXPECT_THAT(logs(), Contains(LogLine(sluice::LogLevel::Info, "parse: ParseFailure")))
        << ::testing::PrintToString(bytes);
  }
}

TEST_F(Protobuf, MessagesWithinEachOtherAreReadToADepthOfAHundred) {
  const auto nested = [](int depth) {
    std::string bytes;
    for (int i = 0; i < depth; ++i) {
      std::string outer = "\x4a"s;
      for (auto size = bytes.size(); outer += static_cast<char>(size < 128 ? size : size % 128 + 128), size >= 128;)
        size /= 128;
      bytes = outer + bytes;
    }
    return bytes;
  };
  EXPECT_EQ(pass("/tree", nested(99)), nested(99));
  EXPECT_EQ(pass("/tree", nested(101)), "400");
  EXPECT_EQ(pass("/tree", nested(2000)), "400");
}

TEST_F(Protobuf, AMissingRequiredFieldIsAnErrorValueWithoutALine) {
  EXPECT_EQ(pass("/required", "\x0a\x01n"s), "\x0a\x01n"s);
  EXPECT_EQ(pass("/required", "\x10\x05"s), "400");
  EXPECT_THAT(logs(), Contains(LogLine(sluice::LogLevel::Info, "parse: ParseFailure")));
  EXPECT_EQ(pass("/missing", "x"), "500");
  EXPECT_THAT(logs(), Contains(LogLine(sluice::LogLevel::Info, "serialize: SerializationFailure")));
  EXPECT_THAT(logs(), Not(Contains(LogLine(sluice::LogLevel::Error, HasSubstr("protobuf")))));
}

TEST_F(Protobuf, AFailedCheckIsALineAndATrap) {
  expectTraps();
  send(post("/check", "x"));
  EXPECT_THAT(logs(), Contains(LogLine(sluice::LogLevel::Error, HasSubstr("CHECK failed"))));
  EXPECT_THAT(logs(), Contains(LogLine(sluice::LogLevel::Error, HasSubstr("the path is /check"))));
  EXPECT_EQ(host().errors().size(), 1u);
}

TEST_F(Protobuf, ManyMessagesLeaveNoMemoryBehind) {
  const auto large = "\x12\x80\x80\x04"s + std::string(65536, 'd');
  uint32_t pages = 0;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(pass("/tree", large), large);
    EXPECT_EQ(pass("/tree", large.substr(0, 60000)), "400");
    if (i == 10) pages = plugin().counts().pages;
  }
  EXPECT_EQ(plugin().counts().pages, pages);
}

}  // namespace
