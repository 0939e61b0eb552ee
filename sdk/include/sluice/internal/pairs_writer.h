// Serializes a list of headers as the spec says: all sizes first, then all texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sluice::internal {

/// Writes a list into memory that has enough space: 4 bytes, and for each header 10 bytes and its texts. Call sizes()
/// for all headers first, then texts() for all headers.
class PairsWriter {
 public:
  PairsWriter(char* at, size_t count) : at_(at) { size(count); }
  void sizes(std::string_view name, std::string_view value) {
    size(name.size());
    size(value.size());
  }
  void texts(std::string_view name, std::string_view value) {
    text(name);
    text(value);
  }

 private:
  void size(size_t size) {
    const auto size32 = static_cast<uint32_t>(size);
    std::memcpy(at_, &size32, sizeof size32);
    at_ += sizeof size32;
  }
  void text(std::string_view text) {
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_[text.size()] = '\0';
    at_ += text.size() + 1;
  }

  char* at_;
};

}  // namespace sluice::internal
