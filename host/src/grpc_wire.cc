#include "grpc_wire.h"

namespace sluice::host {
namespace {

/// A field of a protobuf message: a number, or bytes.
struct Field {
  uint64_t number = 0;
  std::optional<std::string_view> bytes;  // Of a length-delimited one.
};

/// Takes protobuf fields off the front of `bytes`.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}

  /// The next field; nothing at the end, and when the bytes are not valid.
  std::optional<Field> next() {
    if (rest_.empty() || !valid_) return std::nullopt;
    Field field;
    uint64_t tag = 0;
    valid_ = varint(&tag) && read(tag, &field, 0);
    return valid_ ? std::optional(field) : std::nullopt;
  }
  [[nodiscard]] bool valid() const { return valid_; }

 private:
  enum Wire : uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, GroupStart = 3, GroupEnd = 4, Fixed32 = 5 };
  static constexpr int kMaxDepth = 100;

  bool read(uint64_t tag, Field* field, int depth) {
    field->number = tag >> 3;
    uint64_t number = 0;
    if (field->number == 0 || field->number >= (1u << 29)) return false;
    switch (tag & 7) {
      case Varint:
        return varint(&number);
      case Fixed64:
        return skip(8);
      case Bytes:
        if (!varint(&number) || number > rest_.size()) return false;
        field->bytes = rest_.substr(0, number);
        return skip(number);
      case GroupStart:
        return depth < kMaxDepth && skipGroup(field->number, depth + 1);
      case Fixed32:
        return skip(4);
      default:
        return false;
    }
  }

  bool skipGroup(uint64_t number, int depth) {
    for (uint64_t tag = 0; varint(&tag);) {
      if ((tag & 7) == GroupEnd) return tag >> 3 == number;
      Field inner;
      if (!read(tag, &inner, depth)) return false;
    }
    return false;
  }

  bool varint(uint64_t* value) {
    *value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      *value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return true;
    }
    return false;
  }

  bool skip(uint64_t size) {
    if (size > rest_.size()) return false;
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
  bool valid_ = true;
};

// Field numbers of GrpcService, of its two kinds of target (in both the target's name is field 1), and of HeaderValue.
constexpr uint64_t kEnvoyGrpc = 1;
constexpr uint64_t kGoogleGrpc = 2;
constexpr uint64_t kInitialMetadata = 5;
constexpr uint64_t kFirst = 1;
constexpr uint64_t kSecond = 2;

/// Reads the text fields 1 and 2 of a message; false when it is not valid.
bool readTexts(std::string_view bytes, std::string* first, std::string* second) {
  FieldReader reader(bytes);
  while (auto field = reader.next()) {
    if (field->bytes && field->number == kFirst) *first = *field->bytes;
    if (field->bytes && field->number == kSecond) *second = *field->bytes;
  }
  return reader.valid();
}

}  // namespace

bool isGrpcContentType(std::string_view type) {
  return type == "application/grpc" || type.starts_with("application/grpc+") || type.starts_with("application/grpc;");
}

GrpcStatus grpcStatusFor(uint32_t httpStatus) {
  switch (httpStatus) {
    case 400:
      return GrpcStatus::Internal;
    case 401:
      return GrpcStatus::Unauthenticated;
    case 403:
      return GrpcStatus::PermissionDenied;
    case 404:
      return GrpcStatus::Unimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return GrpcStatus::Unavailable;
    default:
      return GrpcStatus::Unknown;
  }
}

std::string percentEncoded(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string result;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= ' ' && byte <= '~' && c != '%') {
      result += c;
    } else {
      result += '%';
      result += kDigits[byte >> 4];
      result += kDigits[byte & 15];
    }
  }
  return result;
}

std::optional<GrpcTarget> parseGrpcTarget(std::string_view bytes) {
  GrpcTarget target;
  FieldReader reader(bytes);
  while (auto field = reader.next()) {
    std::string first;
    std::string second;
    if (!field->bytes) continue;
    const bool isTarget = field->number == kEnvoyGrpc || field->number == kGoogleGrpc;
    if (!isTarget && field->number != kInitialMetadata) continue;
    if (!readTexts(*field->bytes, &first, &second)) return std::nullopt;
    if (isTarget) {
      target.cluster = first;
    } else {
      target.metadata.emplace_back(first, second);
    }
  }
  return reader.valid() ? std::optional(target) : std::nullopt;
}

}  // namespace sluice::host
