#include "calls/grpc_wire.h"

#include "abi/protobuf_reader.h"

namespace sluice::host {
namespace {

// Field numbers of GrpcService, of its two kinds of target (field 1 is the target's name in both), and of HeaderValue.
constexpr uint64_t kEnvoyGrpc = 1;
constexpr uint64_t kGoogleGrpc = 2;
constexpr uint64_t kInitialMetadata = 5;
constexpr uint64_t kFirst = 1;
constexpr uint64_t kSecond = 2;

/// Reads the text fields 1 and 2 of a message; returns false when the message is not valid.
bool readTexts(std::string_view bytes, std::string* first, std::string* second) {
  ProtobufReader reader(bytes);
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

std::optional<GrpcTarget> parseGrpcTarget(std::string_view bytes) {
  GrpcTarget target;
  ProtobufReader reader(bytes);
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
