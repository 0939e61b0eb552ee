// Plays a proxy with one filter: what happens, and in which order, comes from the fuzzer's input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "guest/engine.h"
#include "sluice/host/plugin_options.h"

namespace sluice::fuzz {

/// The fuzzer's input, taken from the front; all zeros once it is used up.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}
  uint8_t byte();
  uint32_t word();
  /// A number below `count`.
  size_t below(size_t count) { return byte() % count; }
  bool flag() { return (byte() & 1) != 0; }
  /// Up to `max` bytes.
  std::string text(size_t max);
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

/// Limits that a run of a fuzz target reaches.
host::Limits smallLimits();

/// Runs `module` with small limits, sends streams and connections through it as `events` says, and ends it. The host's
/// own errors are expected; everything else is a finding.
void drive(const std::shared_ptr<host::Module>& module, std::string_view configuration, Choices& events);

}  // namespace sluice::fuzz
