// What every filter carries: the memory that the host hands data over in, and the way to stop on a broken promise.
#pragma once

#include <cstddef>
#include <string_view>

#include "sluice/abi.h"

namespace sluice::internal {

/// Logs `message` at Critical and traps; the host then treats the VM as failed. For states that must not go on.
[[noreturn]] void fatal(std::string_view message);

/// Memory for host data: blocks live until the outermost callback returns, so a view into one needs no free.
/// Null when memory is exhausted. The host calls this as proxy_on_memory_allocate; the SDK serializes into it too.
void* arenaAllocate(size_t size);

/// True when `data` (`size` bytes) lies within the block that arenaAllocate() gave last: what a hostcall returns must.
bool arenaOwns(const void* data, size_t size);

/// Ends the outermost callback: frees all blocks, and forgets the host's log level, which may change by the next one.
void endCallback();

/// Part of endCallback(); see logEnabled().
void forgetLogLevel();

/// Lives as long as the host is in a callback.
class CallbackScope {
 public:
  CallbackScope() { ++depth_; }
  ~CallbackScope() {
    if (--depth_ == 0) endCallback();
  }
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;

 private:
  static inline unsigned depth_ = 0;
};

/// Bytes that a hostcall returns through `const char**` and `size_t*`.
struct HostData {
  const char* data = nullptr;
  size_t size = 0;

  /// What the host returned, once it is known to be memory that was handed to it; a `status` other than Ok passes through.
  Status check(Status status) const {
    if (status != Status::Ok) return status;
    return size == 0 || arenaOwns(data, size) ? Status::Ok : Status::InvalidMemoryAccess;
  }
  std::string_view view() const { return size == 0 ? std::string_view() : std::string_view(data, size); }
};

}  // namespace sluice::internal
