// Writes protobuf's wire format, for the few messages of Envoy that the host gives to guests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::host {

/// Appends a number, without a field before it, as protobuf's varint.
inline void appendVarint(std::string* message, uint64_t value) {
  for (; value >= 0x80; value >>= 7) message->push_back(static_cast<char>(value | 0x80));
  message->push_back(static_cast<char>(value));
}

/// Appends a field of type string, bytes or message. As in proto3, an empty one is left out.
inline void appendField(std::string* message, uint32_t number, std::string_view bytes) {
  if (bytes.empty()) return;
  appendVarint(message, (uint64_t{number} << 3) | 2);
  appendVarint(message, bytes.size());
  message->append(bytes);
}

/// Appends a field of type bool. As in proto3, false is left out.
inline void appendField(std::string* message, uint32_t number, bool value) {
  if (!value) return;
  appendVarint(message, uint64_t{number} << 3);
  appendVarint(message, 1);
}

}  // namespace sluice::host
