// What every filter carries: the memory that the host hands data over in, and the way to stop on a broken promise.
#pragma once

#include <cstddef>
#include <string_view>

#include "sluice/abi.h"

namespace sluice::internal {

/// Logs `message` at Critical and traps; the host then treats the VM as failed. For states that must not go on.
[[noreturn]] void fatal(std::string_view message);
/// fatal() for the value of a Result that has none.
[[noreturn]] void useOfFailedResult();

/// Memory for host data: blocks live until the outermost callback returns, so a view into one needs no free.
/// Null when memory is exhausted. The host calls this as proxy_on_memory_allocate; the SDK serializes into it too.
void* arenaAllocate(size_t size);

/// True when `data` is the block that arenaAllocate() gave last and `size` its size or less: what a hostcall returns
/// must be.
bool arenaOwns(const void* data, size_t size);

/// The host is in a callback from enterCallback() to leaveCallback(); they nest. When the outermost one ends, all
/// blocks of arenaAllocate() are freed, and the host's log level is forgotten: it may have changed by the next one.
void enterCallback();
void leaveCallback();
/// Part of leaveCallback(); see logEnabled().
void forgetLogLevel();

class CallbackScope {
 public:
  CallbackScope() { enterCallback(); }
  ~CallbackScope() { leaveCallback(); }
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;
};

/// Bytes that a hostcall returns through `const char**` and `size_t*`.
struct HostData {
  const char* data = nullptr;
  size_t size = 0;

  /// What the host returned, once it is known to be memory that was handed to it; a `status` other than Ok passes
  /// through.
  Status check(Status status) const {
    if (status != Status::Ok) return status;
    return size == 0 || arenaOwns(data, size) ? Status::Ok : Status::InvalidMemoryAccess;
  }
  std::string_view view() const { return size == 0 ? std::string_view() : std::string_view(data, size); }
};

}  // namespace sluice::internal
