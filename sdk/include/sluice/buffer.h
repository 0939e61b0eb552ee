// Buffers: bodies and configurations as the host keeps them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/result.h"

namespace sluice {

/// One of the host's buffers; get one from a context, such as HttpContext::responseBody(). A body buffer holds the
/// chunk of the present callback, or all that was buffered while the stream was paused.
class Buffer {
 public:
  /// The buffer of this kind, as it stands in the present callback.
  explicit constexpr Buffer(BufferType type) : type_(type) {}

  /// The number of bytes in the buffer; NotFound when there is no such buffer now (proxy_get_buffer_status).
  Result<size_t> size() const;

  /// Up to `maxSize` bytes from offset `start`; empty when `start` is at or past the end. The view is valid until the
  /// callback returns and does not follow later changes of the buffer (proxy_get_buffer_bytes).
  Result<std::string_view> get(size_t start = 0, size_t maxSize = kAll) const;

  /// As get(), but the copy may be changed in place, to be handed back with replace() or set(); changing it does not
  /// change the buffer.
  Result<std::span<char>> getMutable(size_t start = 0, size_t maxSize = kAll) const;

  /// Replaces the whole buffer (proxy_set_buffer_bytes).
  Status replace(std::string_view data) const { return set(0, kAll, data); }
  /// Adds `data` at the end (proxy_set_buffer_bytes).
  Status append(std::string_view data) const { return set(kAll, 0, data); }
  /// Adds `data` at the start (proxy_set_buffer_bytes).
  Status prepend(std::string_view data) const { return set(0, 0, data); }
  /// Removes the first `size` bytes, or all if there are fewer. Where the host does not cut inside a buffer (Envoy),
  /// the rest is read and put back.
  Status drain(size_t size) const;
  /// Replaces `size` bytes from offset `start` by `data`; past the end, appends. The spec calls it a splice; Envoy
  /// takes only a whole replacement, a prepend or an append, and answers BadArgument to others
  /// (proxy_set_buffer_bytes).
  Status set(size_t start, size_t size, std::string_view data) const;

  /// As a size: all there is.
  static constexpr size_t kAll = UINT32_MAX;

 private:
  BufferType type_;
};

}  // namespace sluice
