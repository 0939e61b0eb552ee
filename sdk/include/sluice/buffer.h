// Buffers: bodies and configurations that the host holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/result.h"

namespace sluice {

/// A buffer of the host. Get one from a context, for example with HttpContext::responseBody(). A body buffer holds the
/// chunk of the current callback, or everything that the host buffered while the stream was paused. In onLog(),
/// onDone() and onDelete() the bodies of the stream are gone: all calls return BadArgument without asking the host,
/// because a real Envoy may crash.
class Buffer {
 public:
  /// The buffer of this type, with its content in the current callback.
  explicit constexpr Buffer(BufferType type) : type_(type) {}

  /// The number of bytes in the buffer. NotFound when the host has no such buffer now (proxy_get_buffer_status).
  Result<size_t> size() const;

  /// Up to `maxSize` bytes from offset `start`; empty when `start` is at or past the end. The view is valid until the
  /// callback returns. It does not show later changes of the buffer (proxy_get_buffer_bytes).
  Result<std::string_view> get(size_t start = 0, size_t maxSize = kAll) const;

  /// Like get(), but the filter may change the returned copy in place. The buffer itself changes only when the filter
  /// hands the copy back with replace() or set().
  [[nodiscard]] Result<std::span<char>> getMutable(size_t start = 0, size_t maxSize = kAll) const;

  /// Replaces the whole buffer (proxy_set_buffer_bytes).
  Status replace(std::string_view data) const { return set(0, kAll, data); }
  /// Adds `data` at the end (proxy_set_buffer_bytes).
  Status append(std::string_view data) const { return set(kAll, 0, data); }
  /// Adds `data` at the start (proxy_set_buffer_bytes).
  Status prepend(std::string_view data) const { return set(0, 0, data); }
  /// Removes the first `size` bytes, or all bytes if there are fewer. Envoy cannot remove a part of a buffer; there,
  /// the SDK reads the rest and replaces the whole buffer with it (proxy_set_buffer_bytes).
  Status drain(size_t size) const;
  /// Replaces `size` bytes from offset `start` with `data`; appends when `start` is past the end. The spec allows any
  /// range. Envoy allows only replacing the whole buffer, prepending and appending, and returns BadArgument otherwise
  /// (proxy_set_buffer_bytes).
  Status set(size_t start, size_t size, std::string_view data) const;

  /// As a size: everything up to the end of the buffer.
  static constexpr size_t kAll = UINT32_MAX;

 private:
  BufferType type_;
};

}  // namespace sluice
