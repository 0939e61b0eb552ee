// The parts that every filter needs: memory for data from the host, and traps for errors that cannot be handled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/abi.h"

namespace sluice::internal {

/// Logs `message` at Critical and traps; the host then treats the VM as failed. For errors after which the filter must
/// not continue.
[[noreturn]] void fatal(std::string_view message);
/// fatal() for reading the value of a failed Result.
[[noreturn]] void useOfFailedResult();

/// Allocates the callback's memory, for data from the host and for serialized data. Blocks live until the outermost
/// callback returns and are then freed. Null when memory is exhausted.
void* arenaAllocate(size_t size);

/// Allocates memory for the data that a hostcall returns: a function like arenaAllocate().
using HostAllocator = void* (*)(size_t size);
/// The host calls this as proxy_on_memory_allocate. It calls arenaAllocate(), or the function that setHostAllocator()
/// has set.
void* hostAllocate(size_t size);
/// Sets the function that allocates memory for hostcalls, and returns the previous one. Restore it right after the
/// hostcall.
HostAllocator setHostAllocator(HostAllocator allocator);

/// Whether `data` is the block that arenaAllocate() returned last, and `size` at most its size. The data of a hostcall
/// must be.
bool arenaOwns(const void* data, size_t size);

/// Whether endCallback() has something to do: there are blocks of arenaAllocate(), or other state of the current
/// callback.
bool callbackMemoryInUse();
/// Frees all blocks, and forgets the host's log level, which may change before the next callback. Does nothing at the
/// end of a nested callback, because the outer callback still uses the memory.
void endCallback();
/// Parts of endCallback(); see logEnabled() and Dispatch::bury().
void forgetLogLevel();
void deleteBuriedContexts();
/// Says that there is something for endCallback() to do.
void markCallbackMemory();

/// Each callback has one: it ends the callback.
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

/// Encloses each hostcall during which a host may make callbacks or delete contexts, even the calling one: hostcalls
/// that send, close or continue, and foreign functions. Callbacks during the hostcall are nested. (Counting the
/// callbacks themselves would make each callback slower.)
class NestingScope {
 public:
  NestingScope();
  ~NestingScope();
  NestingScope(const NestingScope&) = delete;
  NestingScope& operator=(const NestingScope&) = delete;
  /// Whether such a hostcall is in progress, so that a deleted context may still be in use.
  static bool isOpen();
};

/// The last callbacks of a stream. The host has let go of its data, and a hostcall about the data may crash it: the SDK
/// refuses such hostcalls. In onLog() the header maps can still be read.
enum class LastCallback : uint32_t { No, Log, DoneOrDelete };
/// Whether the current callback is one of them; in modules without such callbacks the constant No.
LastCallback lastCallback();
/// Sets what lastCallback() returns. The optimizer must not know the value of a last callback: see dispatch.cc.
void setLastCallback(LastCallback now);

/// Whether the buffer belongs to a stream and the current callback is one of the stream's last.
inline bool isGone(BufferType type) { return type <= BufferType::UpstreamData && lastCallback() != LastCallback::No; }

/// Notes that the current callback has continued the response of this stream. If the response is complete, Envoy sends
/// it when the callback returns, and then crashes when the callback has also closed the stream or sent a local
/// response.
void noteContinued(const void* stream);
bool wasContinued(const void* stream);

/// Bytes that a hostcall returns through `const char**` and `size_t*`.
struct HostData {
  const char* data = nullptr;
  size_t size = 0;

  /// Checks that the host returned memory that it had got from this module; otherwise InvalidMemoryAccess. Returns a
  /// `status` other than Ok unchanged.
  Status check(Status status) const {
    if (status != Status::Ok) return status;
    return size == 0 || arenaOwns(data, size) ? Status::Ok : Status::InvalidMemoryAccess;
  }
  [[nodiscard]] std::string_view view() const { return size == 0 ? std::string_view() : std::string_view(data, size); }
};

}  // namespace sluice::internal
