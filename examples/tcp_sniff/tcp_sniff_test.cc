#include <sluice/testing.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "common/faults.h"
#include "tcp_sniff/frames.h"

using namespace sluice;
using namespace sluice::testing;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace {

constexpr const char* kConfiguration = R"({"types": ["hello", "data", "ping"], "max_payload_bytes": 65536})";

std::string header(uint8_t type, uint32_t length) {
  std::string bytes = "SL";
  bytes += static_cast<char>(type);
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(length >> shift);
  return bytes;
}
std::string frame(uint8_t type, const std::string& payload) {
  return header(type, static_cast<uint32_t>(payload.size())) + payload;
}

/// 64 frames of all types and many sizes, 156 KB in total; their payloads look like frames.
std::string sixtyFourFrames() {
  std::string stream;
  for (uint32_t i = 0; i < 64; ++i) {
    std::string payload;
    const size_t size = i % 8 == 7 ? 16'384 : i * 37 % 1024;
    while (payload.size() < size) payload += frame(9, "SLSL");
    payload.resize(i == 40 ? 65'536 : size, 'x');
    stream += frame(static_cast<uint8_t>(1 + i % 3), payload);
  }
  return stream;
}

}  // namespace

class TcpSniff : public FilterTest {
 protected:
  uint64_t metric(const std::string& name) {
    const auto found = host().metric(name);
    return found ? found->value : 0;
  }
  uint64_t framesOf(const std::string& direction, const std::string& type) {
    return metric("direction=.=" + direction + ";.;type=.=" + type + ";.;tcp_sniff_frames_total");
  }
  uint64_t refusals(const std::string& direction, const std::string& mistake) {
    return metric("direction=.=" + direction + ";.;mistake=.=" + mistake + ";.;tcp_sniff_refused_total");
  }
  void expectBadConfiguration(const std::string& configuration, const std::string& message) {
    host().clearLogs();
    EXPECT_FALSE(start({.configuration = configuration})) << configuration;
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, message)));
  }
};

TEST_F(TcpSniff, CountsFramesOfBothDirections) {
  ASSERT_TRUE(start({.configuration = kConfiguration}));
  auto& stream = openTcpStream();
  stream.downstreamData(frame(1, "who am I") + frame(2, "") + frame(2, std::string(1000, 'd')));
  stream.upstreamData(frame(3, "x"));
  EXPECT_EQ(framesOf("downstream", "hello"), 1u);
  EXPECT_EQ(framesOf("downstream", "data"), 2u);
  EXPECT_EQ(framesOf("upstream", "ping"), 1u);
  EXPECT_EQ(framesOf("upstream", "data"), 0u);
  EXPECT_EQ(metric("tcp_sniff_connections_open"), 1u);
  EXPECT_EQ(stream.received().data().size(), 8u + 7 + 7 + 7 + 1000);
  EXPECT_EQ(stream.answer().data(), frame(3, "x"));
  stream.downstreamData("", true);
  stream.upstreamData("", true);
  EXPECT_TRUE(stream.closed());
  EXPECT_EQ(metric("tcp_sniff_connections_open"), 0u);
  EXPECT_EQ(metric("tcp_sniff_connections_total"), 1u);
  EXPECT_THAT(logs(), IsEmpty());
}

// 64 frames in pieces of 1 byte to 64 KiB: the result is the same for each size.
TEST_F(TcpSniff, AnyPiecesGiveTheSame) {
  ASSERT_TRUE(start({.configuration = kConfiguration}));
  const auto bytes = sixtyFourFrames();
  uint64_t played = 0;
  for (const size_t size : {1u, 2u, 3u, 5u, 6u, 7u, 8u, 13u, 64u, 1000u, 4096u, 16'384u, 16'391u, 65'535u, 65'536u}) {
    ++played;
    auto& stream = openTcpStream();
    for (size_t at = 0; at < bytes.size(); at += size) {
      stream.downstreamData(bytes.substr(at, size), at + size >= bytes.size());
      ASSERT_FALSE(stream.closed()) << size << " at " << at;
    }
    stream.upstreamData("", true);
    EXPECT_TRUE(stream.received().data() == bytes) << size;
    EXPECT_EQ(framesOf("downstream", "hello"), 22 * played) << size;
    EXPECT_EQ(framesOf("downstream", "data"), 21 * played) << size;
    EXPECT_EQ(framesOf("downstream", "ping"), 21 * played) << size;
    const auto samples = host().metric("direction=.=downstream;.;tcp_sniff_payload_bytes")->samples;
    ASSERT_EQ(samples.size(), 64 * played);
    EXPECT_TRUE(std::equal(samples.begin(), samples.begin() + 64, samples.end() - 64)) << size;
  }
  EXPECT_EQ(metric("tcp_sniff_connections_open"), 0u);
  EXPECT_THAT(logs(), IsEmpty());
}

TEST_F(TcpSniff, TheUpstreamsPiecesToo) {
  ASSERT_TRUE(start({.configuration = kConfiguration}));
  const auto bytes = sixtyFourFrames();
  for (const size_t size : {3u, 1000u, 65'536u}) {
    auto& stream = openTcpStream();
    for (size_t at = 0; at < bytes.size(); at += size) stream.upstreamData(bytes.substr(at, size));
    EXPECT_TRUE(stream.answer().data() == bytes) << size;
  }
  EXPECT_EQ(framesOf("upstream", "hello"), 66u);
}

TEST_F(TcpSniff, MemoryDoesNotGrowWithTheStream) {
  ASSERT_TRUE(start({.configuration = kConfiguration}));
  const auto play = [&](int times) {
    auto& stream = openTcpStream();
    for (int i = 0; i < times; ++i) stream.downstreamData(frame(2, std::string(60'000, 'd')));
    return plugin().memoryPages();
  };
  const auto pages = play(3);
  EXPECT_EQ(play(200), pages);
}

// For pieces of any size, the upstream gets everything before the bad frame and no byte of it.
TEST_F(TcpSniff, RefusesABadFrame) {
  ASSERT_TRUE(start({.configuration = kConfiguration}));
  const auto good = frame(1, "hello") + frame(2, "some data");
  const struct {
    std::string bytes;
    std::string mistake;
  } cases[] = {{"XL" + header(1, 0).substr(2), "magic"},
               {"SX" + header(1, 0).substr(2), "magic"},
               {header(0, 0), "type"},
               {header(4, 0), "type"},
               {header(255, 0), "type"},
               {header(1, 65'537), "length"},
               {header(1, UINT32_MAX), "length"},
               {"GET / HTTP/1.1\r\n", "magic"},
               {std::string("\0\0\0\0\0\0\0", 7), "magic"}};
  for (const auto& bad : cases) {
    const auto bytes = good + bad.bytes + frame(1, "never seen");
    for (const size_t size : {1u, 2u, 4u, 7u, 23u, 1000u}) {
      const auto before = refusals("downstream", bad.mistake);
      auto& stream = openTcpStream();
      for (size_t at = 0; at < bytes.size(); at += size) stream.downstreamData(bytes.substr(at, size));
      EXPECT_TRUE(stream.closed()) << bad.mistake << ' ' << size;
      EXPECT_EQ(refusals("downstream", bad.mistake), before + 1) << size;
      const auto received = stream.received().data();
      EXPECT_EQ(received, good.substr(0, received.size())) << bad.mistake << ' ' << size;
    }
  }
  EXPECT_EQ(metric("tcp_sniff_connections_open"), 0u);
}

// Attempts of either end to get bytes past the filter that are not frames: sent as a whole and in single bytes.
TEST_F(TcpSniff, TriedBypasses) {
  struct Attempt {
    std::string name;
    std::string sent;
    std::string mistake;  // "" if it passes
  };
  const Attempt attempts[] = {
      {"another protocol", "GET / HTTP/1.1\r\n\r\n", "magic"},
      {"another protocol after a frame", frame(1, "x") + "GET / HTTP/1.1\r\n", "magic"},
      {"lower case", "sl" + frame(1, "").substr(2), "magic"},
      {"half a magic after a frame", frame(1, "") + "SX" + std::string(5, '\0'), "magic"},
      {"the type 0", header(0, 0), "type"},
      {"one type too many", header(4, 0), "type"},
      {"the last type of all", header(255, 0), "type"},
      {"one byte too long", header(1, 65'537), "length"},
      {"the longest of all", header(1, UINT32_MAX), "length"},
      {"a sign bit", header(1, 0x80000000), "length"},
      {"a payload that looks like frames", frame(1, header(9, UINT32_MAX)), ""},
      {"the longest that may be", frame(1, std::string(65'536, 'x')), ""},
  };
  for (const bool fromUpstream : {false, true}) {
    const std::string direction = fromUpstream ? "upstream" : "downstream";
    for (const auto& attempt : attempts) {
      for (const size_t size : {size_t{1}, attempt.sent.size()}) {
        if (size == 1 && attempt.sent.size() > 1000) continue;
        ASSERT_TRUE(start({.configuration = kConfiguration}));
        const auto before = attempt.mistake.empty() ? 0 : refusals(direction, attempt.mistake);
        auto& stream = openTcpStream();
        for (size_t at = 0; at < attempt.sent.size() && !stream.closed(); at += size) {
          const auto piece = attempt.sent.substr(at, size);
          fromUpstream ? stream.upstreamData(piece) : stream.downstreamData(piece);
        }
        EXPECT_EQ(stream.closed(), !attempt.mistake.empty()) << attempt.name;
        if (attempt.mistake.empty()) continue;
        EXPECT_EQ(refusals(direction, attempt.mistake), before + 1) << attempt.name;
        const auto& passed = fromUpstream ? stream.answer().data() : stream.received().data();
        EXPECT_TRUE(passed.empty() || passed == frame(1, "x") || passed == frame(1, "")) << attempt.name;
      }
    }
  }
}

TEST_F(TcpSniff, RefusesTheUpstreamsToo) {
  ASSERT_TRUE(start({.configuration = kConfiguration}));
  auto& stream = openTcpStream();
  stream.upstreamData(frame(1, "good") + "bad");
  EXPECT_TRUE(stream.closed());
  EXPECT_EQ(refusals("upstream", "magic"), 1u);
  EXPECT_EQ(stream.answer().data(), "");
}

TEST_F(TcpSniff, AStreamMustNotEndInsideAFrame) {
  ASSERT_TRUE(start({.configuration = kConfiguration}));
  uint64_t cuts = 0;
  const auto whole = frame(2, "data");
  for (size_t size = 1; size < whole.size(); ++size) {
    auto& stream = openTcpStream();
    stream.downstreamData(whole.substr(0, size), true);
    EXPECT_TRUE(stream.closed()) << size;
    EXPECT_EQ(refusals("downstream", "truncated"), ++cuts);
  }
  auto& stream = openTcpStream();
  stream.downstreamData(whole, true);
  EXPECT_FALSE(stream.closed());
}

TEST_F(TcpSniff, RefusesABadConfiguration) {
  expectBadConfiguration("", "configuration:1:1: The document is empty.");
  expectBadConfiguration("{}", "configuration: missing \"types\"");
  expectBadConfiguration(R"({"types": {}})", "types: must be an array");
  expectBadConfiguration(R"({"types": []})", "types: is empty");
  expectBadConfiguration(R"({"types": [1]})", "types[0]: must be a string");
  expectBadConfiguration(R"({"types": ["a", ""]})", "types[1]: must be a name of 1 to 32 characters");
  expectBadConfiguration(R"({"types": ["a", "b", "a"]})", "types[2]: given twice");
  expectBadConfiguration(R"({"types": ["a"], "max": 1})", "max: unknown key");
  for (const std::string bad : {"-1", "1073741825", "\"1\""})
    expectBadConfiguration(R"({"types": ["a"], "max_payload_bytes": )" + bad + "}",
                           "max_payload_bytes: must be a whole number from 0 to 1073741824");
  std::string many;
  for (int i = 0; i <= 32; ++i) many += (i == 0 ? "\"" : ", \"") + std::to_string(i) + "\"";
  expectBadConfiguration(R"({"types": [)" + many + "]}", "types[32]: there are more than 32 types");
}

// A host whose hostcalls fail: no byte passes unread.
TEST_F(TcpSniff, OutlivesEveryAnswerOfEveryHostcall) {
  ASSERT_TRUE(start({.configuration = kConfiguration}));
  const auto good = frame(1, "hello");
  withEveryAnswerOfEveryHostcall(host(), [&](std::string_view hostcall, Status status) {
    auto& stream = openTcpStream();
    stream.downstreamData(good.substr(0, 3));
    stream.downstreamData(good.substr(3));
    stream.downstreamData("bad");
    stream.downstreamData(good);
    const auto received = stream.received().data();
    EXPECT_EQ(received, good.substr(0, received.size())) << hostcall << ' ' << toString(status);
    const bool isRead = hostcall == "proxy_get_buffer_bytes" || hostcall == "proxy_set_buffer_bytes";
    if (isRead) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn))) << hostcall;
    }
    stream.downstreamClose();
  });
  for (const std::string& nonsense : {std::string(), std::string("SL"), std::string(1 << 20, 'S')}) {
    host().answerHostcall("proxy_get_buffer_bytes", nonsense);
    auto& stream = openTcpStream();
    stream.downstreamData(good);
    EXPECT_EQ(stream.received().data(), "");
  }
}

TEST_F(TcpSniff, NothingPassesUnreadWhenMemoryRunsOut) {
  const auto good = frame(1, "hello");
  withEachAllocationFailing(host(), [&](const std::string& what) {
    if (!start({.configuration = kConfiguration})) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("cannot be read")))) << what;
      return false;
    }
    auto& stream = openTcpStream();
    stream.downstreamData(good.substr(0, 3));
    stream.downstreamData(good.substr(3));
    const auto received = stream.received().data();
    EXPECT_EQ(received, good.substr(0, received.size())) << what;
    if (received != good) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn))) << what;
    }
    return received == good && logs().empty();
  });
}
