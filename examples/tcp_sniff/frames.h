// Finds the frames of a wire protocol in a stream of bytes that comes in pieces of any size.
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

/// The mistake in a frame.
enum class Mistake : uint8_t { None, Magic, Type, Length, Truncated };
constexpr std::string_view toString(Mistake mistake) {
  constexpr std::string_view kNames[] = {"none", "magic", "type", "length", "truncated"};
  return kNames[static_cast<size_t>(mistake)];
}

/// Reads one direction of a connection. It stores only the bytes of a frame's header and the number of missing bytes of
/// the payload, so it needs little memory.
class Reader {
 public:
  /// Frames may have types from 1 to `types`, and payloads of up to `maxLength` bytes.
  Reader(uint8_t types, uint32_t maxLength) : maxLength_(maxLength), types_(types) {}

  /// Processes the next bytes of the stream, and calls `onFrame(const Header&)` for each header that they complete.
  /// Returns the mistake, if there is one; then do not call it again. Sets `passed` to the number of bytes, from the
  /// beginning of `bytes`, up to the end of the last complete and valid header or of the payload after it. If it is
  /// less than `bytes.size()`, heldBack() begins there; if it is 0, heldBack() began in an earlier piece or at the
  /// beginning of this one.
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

  /// The bytes of an incomplete header.
  std::string_view heldBack() const { return {header_, headerSize_}; }
  /// The mistake if the stream ends here.
  Mistake atEnd() const { return headerSize_ != 0 || payload_ != 0 ? Mistake::Truncated : Mistake::None; }

 private:
  uint32_t maxLength_;
  uint32_t payload_ = 0;  // the number of its bytes that are still missing
  uint8_t types_;
  uint8_t headerSize_ = 0;
  char header_[kHeaderSize] = {};
};

}  // namespace frames
