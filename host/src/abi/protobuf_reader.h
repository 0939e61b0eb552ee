// Protobuf's wire format, read field by field: for the few messages of Envoy that guests hand over.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::host {

/// A field of a protobuf message: bytes, or a number.
struct ProtobufField {
  uint64_t number = 0;
  std::optional<std::string_view> bytes = {};  ///< Of a length-delimited field: strings, bytes, messages.
  uint64_t value = 0;                          ///< Of a varint.
};

/// Takes the fields off the front of a message. Fixed-width numbers and groups are passed over.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view bytes) : rest_(bytes) {}

  /// The next field; nothing at the end, and when the bytes are not valid.
  std::optional<ProtobufField> next();
  [[nodiscard]] bool valid() const { return valid_; }

 private:
  bool read(uint64_t tag, ProtobufField* field, int depth);
  bool skipGroup(uint64_t number, int depth);
  bool varint(uint64_t* value);
  bool skip(uint64_t size);

  std::string_view rest_;
  bool valid_ = true;
};

}  // namespace sluice::host
