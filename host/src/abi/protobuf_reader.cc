#include "abi/protobuf_reader.h"

namespace sluice::host {
namespace {

enum Wire : uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, GroupStart = 3, GroupEnd = 4, Fixed32 = 5 };
constexpr int kMaxDepth = 100;

}  // namespace

std::optional<ProtobufField> ProtobufReader::next() {
  if (rest_.empty() || !valid_) return std::nullopt;
  ProtobufField field;
  uint64_t tag = 0;
  valid_ = varint(&tag) && read(tag, &field, 0);
  return valid_ ? std::optional(field) : std::nullopt;
}

bool ProtobufReader::read(uint64_t tag, ProtobufField* field, int depth) {
  field->number = tag >> 3;
  uint64_t size = 0;
  if (field->number == 0 || field->number >= (1u << 29)) return false;
  switch (tag & 7) {
    case Varint:
      return varint(&field->value);
    case Fixed64:
      return skip(8);
    case Bytes:
      if (!varint(&size) || size > rest_.size()) return false;
      field->bytes = rest_.substr(0, size);
      return skip(size);
    case GroupStart:
      return depth < kMaxDepth && skipGroup(field->number, depth + 1);
    case Fixed32:
      return skip(4);
    default:
      return false;
  }
}

bool ProtobufReader::skipGroup(uint64_t number, int depth) {
  for (uint64_t tag = 0; varint(&tag);) {
    if ((tag & 7) == GroupEnd) return tag >> 3 == number;
    ProtobufField inner;
    if (!read(tag, &inner, depth)) return false;
  }
  return false;
}

bool ProtobufReader::varint(uint64_t* value) {
  *value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    *value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

bool ProtobufReader::skip(uint64_t size) {
  if (size > rest_.size()) return false;
  rest_.remove_prefix(size);
  return true;
}

}  // namespace sluice::host
