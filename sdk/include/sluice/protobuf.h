// Protocol Buffers: typed messages with protobuf's lite runtime, for filters whose sluice_add_filter() has PROTOS. The
// one header that needs more than the standard library; not a part of sluice.h.
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

/// Fills `message` with what `bytes` say, in place of what was in it. ParseFailure when they are not an encoding of
/// such a message, or lack a required field (of proto2): what of it had been read is then in `message`. The bytes need
/// not be kept: protobuf copies what it reads.
inline Status parse(std::string_view bytes, google::protobuf::MessageLite& message) {
  if (bytes.size() > INT_MAX) return Status::ParseFailure;
  // Protobuf copies from where no bytes are, too: not from null.
  if (bytes.empty()) bytes = "";
  // Asked for by itself: protobuf would log the missing fields, of which the lite runtime does not know the names.
  const bool read = message.ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return read && message.IsInitialized() ? Status::Ok : Status::ParseFailure;
}

/// `message` in protobuf's encoding, which is valid until the callback returns. SerializationFailure when it lacks a
/// required field (of proto2) or is larger than 2 GiB, InternalFailure when there is no memory for it.
inline Result<std::string_view> serialize(const google::protobuf::MessageLite& message) {
  const size_t size = message.ByteSizeLong();
  if (size > INT_MAX || !message.IsInitialized()) return Status::SerializationFailure;
  auto* const bytes = static_cast<uint8_t*>(internal::arenaAllocate(size));
  if (bytes == nullptr) return Status::InternalFailure;
  message.SerializeWithCachedSizesToArray(bytes);
  return std::string_view(reinterpret_cast<const char*>(bytes), size);
}

/// Messages in gRPC calls and streams: see grpc.h.
template <std::derived_from<google::protobuf::MessageLite> T>
struct GrpcCodec<T> {
  /// The functions above.
  /// @{
  static Result<std::string_view> serialize(const T& message) { return sluice::serialize(message); }
  static Status parse(std::string_view bytes, T& message) { return sluice::parse(bytes, message); }
  /// @}
};

}  // namespace sluice
