// The guest that makes a hostcall.
#pragma once

#include <cstdint>
#include <string_view>

#include "abi/guest_memory.h"
#include "sluice/abi.h"

namespace sluice::host {

class Context;
struct HostServices;

/// The part of a VM that hostcalls use.
class Caller {
 public:
  virtual ~Caller() = default;

  virtual GuestMemory& memory() = 0;
  /// Allocates memory in the guest; returns 0 when the guest cannot.
  virtual uint64_t allocate(uint64_t size) = 0;
  /// Counts bytes that were copied between host and guest, and charges for them.
  virtual void countBytes(uint64_t bytes) = 0;
  /// Counts work of the host as steps of the guest (Limits::instructions).
  virtual void charge(uint64_t steps) = 0;
  /// Throws an Error when the host would keep more than Limits::hostBytes with `bytes` more for `what`.
  virtual void checkRoom(uint64_t bytes, std::string_view what) = 0;
  /// Throws an Error when `bytes`, the size of one object, is more than Limits::hostBytes.
  virtual void checkSize(uint64_t bytes, std::string_view what) = 0;

  /// The context that hostcalls act on: the effective context, or the context of the running callback.
  virtual Context& context() = 0;
  /// Returns BadArgument when there is no context with this id.
  virtual Status setEffectiveContext(uint32_t id) = 0;

  virtual HostServices& host() = 0;
};

}  // namespace sluice::host
