// The frames of a wire protocol, told apart in a stream of bytes that comes in any pieces.
//
//   offset  size
//        0     2   magic: the letters S and L
//        2     1   type
//        3     4   length of the payload, highest byte first
//        7         the payload
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace frames {

inline constexpr size_t kHeaderSize = 7;
inline constexpr std::string_view kMagic = "SL";

struct Header {
  uint8_t type;
  uint32_t length;
};

/// What is wrong with a frame.
enum class Mistake : uint8_t { None, Magic, Type, Length, Truncated };
constexpr std::string_view toString(Mistake mistake) {
  constexpr std::string_view kNames[] = {"none", "magic", "type", "length", "truncated"};
  return kNames[static_cast<size_t>(mistake)];
}

/// Reads one direction of a connection. Of a frame it keeps the header's bytes, and of the payload only how much is
/// still to come: it takes as little memory as it takes pieces.
class Reader {
 public:
  /// Frames may have types from 1 to `types`, and payloads of up to `maxLength` bytes.
  Reader(uint8_t types, uint32_t maxLength) : maxLength_(maxLength), types_(types) {}

  /// Takes in the stream's next bytes, and calls `onFrame(const Header&)` for each header that they complete. What is
  /// wrong, if anything: nothing may follow then. `passed` becomes the number of the last of these bytes, counted from
  /// 1, that is part of a header that is complete and right, or of such a frame's payload; less than `size`
  /// means that heldBack() begins there, and 0 that it began in an earlier piece.
  template <class OnFrame>
  Mistake read(std::string_view bytes, size_t& passed, OnFrame onFrame) {
    passed = 0;
    for (size_t at = 0; at < bytes.size();) {
      if (payload_ != 0) {
        const size_t size = bytes.size() - at < payload_ ? bytes.size() - at : payload_;
        payload_ -= static_cast<uint32_t>(size);
        at += size;
        passed = at;
        continue;
      }
      header_[headerSize_++] = bytes[at++];
      if (headerSize_ <= kMagic.size() && header_[headerSize_ - 1] != kMagic[headerSize_ - 1]) return Mistake::Magic;
      if (headerSize_ < kHeaderSize) continue;
      const auto byte = [this](size_t index) { return uint32_t{static_cast<unsigned char>(header_[index])}; };
      const Header header{static_cast<uint8_t>(byte(2)), byte(3) << 24 | byte(4) << 16 | byte(5) << 8 | byte(6)};
      if (header.type == 0 || header.type > types_) return Mistake::Type;
      if (header.length > maxLength_) return Mistake::Length;
      payload_ = header.length;
      headerSize_ = 0;
      passed = at;
      onFrame(header);
    }
    return Mistake::None;
  }

  /// The bytes of a header that is not complete.
  std::string_view heldBack() const { return {header_, headerSize_}; }
  /// What is wrong when nothing more comes.
  Mistake atEnd() const { return headerSize_ != 0 || payload_ != 0 ? Mistake::Truncated : Mistake::None; }

 private:
  uint32_t maxLength_;
  uint32_t payload_ = 0;  // how much of it is still to come
  uint8_t types_;
  uint8_t headerSize_ = 0;
  char header_[kHeaderSize] = {};
};

}  // namespace frames
