// What every filter carries: the memory that the host hands data over in, and the way to stop on a broken promise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/abi.h"

namespace sluice::internal {

/// Logs `message` at Critical and traps; the host then treats the VM as failed. For states that must not go on.
[[noreturn]] void fatal(std::string_view message);
/// fatal() for the value of a Result that has none.
[[noreturn]] void useOfFailedResult();

/// Memory for host data: blocks live until the outermost callback returns, so a view into one needs no free.
/// Null when memory is exhausted. The SDK serializes into it too.
void* arenaAllocate(size_t size);

/// Where the data of a hostcall goes: a function like arenaAllocate().
using HostAllocator = void* (*)(size_t size);
/// What the host calls as proxy_on_memory_allocate: arenaAllocate(), or what setHostAllocator() was told.
void* hostAllocate(size_t size);
/// For who wants data in memory of their own; returns the one before, to be put back right after the hostcall.
HostAllocator setHostAllocator(HostAllocator allocator);

/// True when `data` is the block that arenaAllocate() gave last and `size` its size or less: what a hostcall returns
/// must be.
bool arenaOwns(const void* data, size_t size);

/// Whether there are blocks of arenaAllocate(), or anything else that holds for one callback only.
bool callbackMemoryInUse();
/// Frees all blocks, and forgets the host's log level, which may have changed by the next callback.
/// Does nothing at the end of a callback that is nested in another one, whose memory it is.
void endCallback();
/// Parts of endCallback(); see logEnabled() and Dispatch::bury().
void forgetLogLevel();
void deleteBuriedContexts();
/// Says that there is something for endCallback() to do.
void markCallbackMemory();

/// Stands in each callback.
class CallbackScope {
 public:
  CallbackScope() = default;
  [[gnu::always_inline]] ~CallbackScope() {
    if (callbackMemoryInUse()) [[unlikely]]
      endCallback();
  }
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;
};

/// Stands around each hostcall that can make a host call back before it returns: what sends, closes or continues, and
/// foreign functions. Callbacks meanwhile are nested. (To count the callbacks themselves would cost each of them more.)
class NestingScope {
 public:
  NestingScope();
  ~NestingScope();
  NestingScope(const NestingScope&) = delete;
  NestingScope& operator=(const NestingScope&) = delete;
};

/// In place of a NestingScope around each hostcall in which a host can delete contexts, such as the one that makes the
/// call: what closes a stream, and foreign functions.
class DeletionScope : public NestingScope {
 public:
  DeletionScope();
  ~DeletionScope();
  /// Whether there is one, so that what is deleted may be in use.
  static bool isOpen();
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
