// A host that answers hostcalls from a fuzzer's input, correctly or not. It is linked with the SDK's sources into one
// program, without a filter module.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sluice::fuzz {

/// The input, read piece by piece; zeros once it is used up.
class Input {
 public:
  Input() = default;
  Input(const uint8_t* data, size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }
  uint8_t byte() {
    const auto bytes = take(1);
    return bytes.empty() ? uint8_t{0} : static_cast<uint8_t>(bytes.front());
  }
  uint32_t word() {
    uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | byte();
    return value;
  }
  /// Removes at most `size` bytes from the front.
  std::string_view take(size_t size) {
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view rest_;
};

/// The host of the current run.
struct FakeHost {
  Input input;
  /// The host returns the plugin's configuration and root_id correctly; everything else comes from the input.
  std::string configuration;
  std::string rootId;
  /// Called during hostcalls in which a host may call back.
  std::function<void()> meanwhile;
};

FakeHost& fakeHost();

/// Reads all of `bytes`, so that the address sanitizer checks each byte.
void touch(std::string_view bytes);

}  // namespace sluice::fuzz
