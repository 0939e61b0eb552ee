// Protocol Buffers: typed messages with protobuf's lite runtime, for filters whose sluice_add_filter() has PROTOS. This
// is the only header that needs more than the standard library; sluice.h does not include it.
#pragma once

#if !__has_include(<google/protobuf/message_lite.h>)
#error "sluice/protobuf.h is for filters with messages: sluice_add_filter(... PROTOS file.proto) brings protobuf along"
#endif

#include <google/protobuf/message_lite.h>

#include <climits>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/grpc.h"
#include "sluice/internal/runtime.h"
#include "sluice/result.h"

namespace sluice {

/// Parses `bytes` into `message` and replaces its content. ParseFailure when `bytes` are not an encoding of such a
/// message or lack a required field (proto2); `message` then has the fields that were read before the error. `bytes`
/// need not stay valid: protobuf copies what it reads.
inline Status parse(std::string_view bytes, google::protobuf::MessageLite& message) {
  if (bytes.size() > INT_MAX) return Status::ParseFailure;
  // Protobuf copies even zero bytes, and the source of a copy must not be null.
  if (bytes.empty()) bytes = "";
  // Required fields are checked separately: protobuf would log the missing fields, but the lite runtime does not know
  // their names.
  const bool read = message.ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return read && message.IsInitialized() ? Status::Ok : Status::ParseFailure;
}

/// `message` in protobuf's encoding, valid until the callback returns. SerializationFailure when `message` lacks a
/// required field (proto2) or is larger than 2 GiB, InternalFailure when there is not enough memory.
inline Result<std::string_view> serialize(const google::protobuf::MessageLite& message) {
  const size_t size = message.ByteSizeLong();
  if (size > INT_MAX || !message.IsInitialized()) return Status::SerializationFailure;
  auto* const bytes = static_cast<uint8_t*>(internal::arenaAllocate(size));
  if (bytes == nullptr) return Status::InternalFailure;
  message.SerializeWithCachedSizesToArray(bytes);
  return std::string_view(reinterpret_cast<const char*>(bytes), size);
}

/// Lets gRPC calls and streams send and receive messages; see grpc.h.
template <std::derived_from<google::protobuf::MessageLite> T>
struct GrpcCodec<T> {
  /// Call the functions above.
  /// @{
  static Result<std::string_view> serialize(const T& message) { return sluice::serialize(message); }
  static Status parse(std::string_view bytes, T& message) { return sluice::parse(bytes, message); }
  /// @}
};

}  // namespace sluice
