// Reads protobuf's wire format field by field, for the few Envoy messages that guests pass to the host.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::host {

/// A field of a protobuf message: bytes, or a number.
struct ProtobufField {
  uint64_t number = 0;
  std::optional<std::string_view> bytes = {};  ///< A length-delimited field: string, bytes or message.
  uint64_t value = 0;                          ///< The value of a varint field.
};

/// Reads the fields of a message in order. It skips fixed-width numbers and groups.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view bytes) : rest_(bytes) {}

  /// The next field; nothing at the end, or when the bytes are not valid.
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
