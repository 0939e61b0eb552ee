#include "sluice/buffer.h"

#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

namespace sluice {

namespace {}  // namespace

Result<size_t> Buffer::size() const {
  if (internal::isGone(type_)) return Status::BadArgument;
  size_t size = 0;
  uint32_t unused = 0;
  const auto status = abi::proxy_get_buffer_status(type_, &size, &unused);
  if (status != Status::Ok) return status;
  return size;
}

Result<std::span<char>> Buffer::getMutable(size_t start, size_t maxSize) const {
  // start + maxSize must not exceed 32 bits: for the spec that is a BadArgument.
  if (start > kAll || internal::isGone(type_)) return Status::BadArgument;
  if (maxSize > kAll - start) maxSize = kAll - start;
  internal::HostData bytes;
  const auto status = bytes.check(abi::proxy_get_buffer_bytes(type_, start, maxSize, &bytes.data, &bytes.size));
  if (status != Status::Ok) return status;
  if (bytes.size > maxSize) return Status::ResultMismatch;  // Callers rely on maxSize.
  // The bytes are in memory that the SDK has given to the host.
  return std::span(const_cast<char*>(bytes.data), bytes.size);
}

Result<std::string_view> Buffer::get(size_t start, size_t maxSize) const {
  const auto bytes = getMutable(start, maxSize);
  if (!bytes) return bytes.status();
  return std::string_view(bytes->data(), bytes->size());
}

Status Buffer::set(size_t start, size_t size, std::string_view data) const {
  if (internal::isGone(type_)) return Status::BadArgument;
  return abi::proxy_set_buffer_bytes(type_, start, size, data.data(), data.size());
}

Status Buffer::drain(size_t size) const {
  if (size == 0) return Status::Ok;
  const auto status = set(0, size, {});
  if (status != Status::BadArgument) return status;
  const auto rest = get(size);
  if (!rest) return rest.status();
  return replace(*rest);
}

}  // namespace sluice
