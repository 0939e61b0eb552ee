// Compares HeaderPairs::parse with a slow and simple decoder and with the SDK's serialization.
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fake_host.h"
#include "sluice/header_map.h"

using namespace sluice;
using fuzz::Input;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

void require(bool condition) {
  if (!condition) std::abort();
}

// Follows the specification's text, byte by byte.
std::optional<Pairs> decode(std::string_view data) {
  if (data.empty() || data == std::string_view("\0", 1)) return Pairs();
  bool broken = false;
  size_t at = 0;
  const auto readByte = [&]() -> uint32_t {
    if (at >= data.size()) {
      broken = true;
      return 0;
    }
    return static_cast<uint8_t>(data[at++]);
  };
  const auto readWord = [&] {
    uint32_t word = 0;
    for (int shift = 0; shift < 32; shift += 8) word |= readByte() << shift;
    return word;
  };
  const uint32_t count = readWord();
  std::vector<uint32_t> sizes;
  for (uint64_t i = 0; i < 2 * uint64_t{count} && !broken; ++i) sizes.push_back(readWord());
  std::vector<std::string> texts;
  for (const auto size : sizes) {
    std::string text;
    for (uint32_t i = 0; i < size && !broken; ++i) text += static_cast<char>(readByte());
    if (readByte() != 0) broken = true;
    if (broken) break;
    texts.push_back(std::move(text));
  }
  if (broken || at != data.size()) return std::nullopt;
  Pairs pairs;
  for (size_t i = 0; i < texts.size(); i += 2) pairs.emplace_back(texts[i], texts[i + 1]);
  return pairs;
}

std::string serialized(const Pairs& pairs) {
  std::vector<Header> headers;
  for (const auto& [name, value] : pairs) headers.push_back({name, value});
  const auto data = internal::serialize(headers);
  require(data.data != nullptr);
  return std::string(data.view());
}

void check(std::string_view data) {
  // A separate allocation, so that the sanitizer catches a read past its end.
  const std::vector<char> block(data.begin(), data.end());
  const auto parsed = HeaderPairs::parse({block.data(), block.size()});
  const auto expected = decode(data);
  require(parsed.ok() == expected.has_value());
  if (!parsed.ok()) {
    require(parsed.status() == Status::ParseFailure);
    return;
  }
  require(parsed->size() == expected->size() && parsed->empty() == expected->empty());
  size_t i = 0;
  for (const auto header : *parsed) {
    require(header.name == (*expected)[i].first && header.value == (*expected)[i].second);
    const auto found = parsed->find(header.name);
    require(found != parsed->end() && (*found).name == header.name);
    ++i;
  }
  require(i == expected->size());
  require(expected->empty() || serialized(*expected) == data);
}

void checkRoundTrip(Input input) {
  Pairs pairs;
  while (!input.empty()) {
    auto name = std::string(input.take(input.byte() % 32));
    auto value = std::string(input.take(input.byte()));
    pairs.emplace_back(std::move(name), std::move(value));
  }
  const auto data = serialized(pairs);
  const auto parsed = HeaderPairs::parse(data);
  require(parsed.ok() && parsed->size() == pairs.size());
  size_t i = 0;
  for (const auto header : *parsed) {
    require(header.name == pairs[i].first && header.value == pairs[i].second);
    ++i;
  }
  // Nearly valid input reaches further into the decoder than random bytes.
  check(data);
  for (size_t size = 0; size < data.size() && size < 64; ++size) check(std::string_view(data).substr(0, size));
  check(data + '\0');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const internal::CallbackScope scope;
  check({reinterpret_cast<const char*>(data), size});
  checkRoundTrip(Input(data, size));
  return 0;
}
