// One mebibyte through a gRPC stream in pieces from one byte to 64 KiB, always with the same result.
#include <sluice/testing.h>

#include <cstdint>
#include <string>

using namespace sluice::testing;
using sluice::LogLevel;
using ::testing::Contains;

namespace {

constexpr size_t kTotal = 1 << 20;

class GrpcPieces : public FilterTest, public ::testing::WithParamInterface<size_t> {
 protected:
  void SetUp() override {
    host().addGrpcService("pieces", sluice::host::GrpcService{});
    ASSERT_TRUE(start({.configuration = std::to_string(GetParam())}));
    host().runPending();
    ASSERT_EQ(host().grpcStreams().size(), 1u);
  }
  sluice::host::GrpcStream& stream() { return *host().grpcStreams().back(); }
};

std::string pattern() {
  std::string all(kTotal, '\0');
  for (size_t i = 0; i < kTotal; ++i) all[i] = static_cast<char>(i * i >> 3);
  return all;
}

TEST_P(GrpcPieces, AreReceived) {
  const auto all = pattern();
  uint32_t hash = 2166136261u;
  for (const char c : all) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619u;
  for (size_t at = 0; at < kTotal; at += GetParam()) {
    stream().send(all.substr(at, GetParam()));
    host().runPending();
  }
  const auto pages = plugin().memoryPages();
  stream().end();
  host().runPending();
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, "Ok: 1048576 bytes, hash " + std::to_string(hash))));
  EXPECT_LE(pages, 6u) << "what one message took should serve the next";
}

TEST_P(GrpcPieces, AreSent) {
  stream().send("go");
  host().runPending();
  std::string all;
  all.reserve(kTotal);
  for (const auto& message : stream().received()) {
    EXPECT_LE(message.size(), GetParam());
    all += message;
  }
  EXPECT_TRUE(all == pattern());
  EXPECT_EQ(stream().received().size(), (kTotal + GetParam() - 1) / GetParam());
  EXPECT_TRUE(stream().halfClosed());
}

INSTANTIATE_TEST_SUITE_P(Sizes, GrpcPieces, ::testing::Values(1, 7, 64, 1000, 4096, 65536),
                         ::testing::PrintToStringParamName());

}  // namespace
