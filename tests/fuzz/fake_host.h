// A host made of a fuzzer's input: the hostcalls that the SDK makes answer what the input says, right or wrong. Linked
// with the SDK's sources into one program, without any filter module in between.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sluice::fuzz {

/// The input, taken piece by piece; zeros when it is used up.
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
  /// At most `size` bytes.
  std::string_view take(size_t size) {
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view rest_;
};

/// What answers the hostcalls of the present run.
struct FakeHost {
  Input input;
  /// The plugin's configuration and root_id, told truly; everything else is the input's.
  std::string configuration;
  std::string rootId;
  /// What the host does in the middle of hostcalls in which hosts may call back; and whether contexts may go there.
  std::function<void(bool mayDelete)> meanwhile;
};

FakeHost& fakeHost();

/// Reads all of `bytes`, so that the address sanitizer looks at each.
void touch(std::string_view bytes);

}  // namespace sluice::fuzz
