// Shared queues: bytes handed from one VM to another, first in, first out.
#pragma once

#include <cstdint>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/result.h"

namespace sluice {

/// A queue of the host's; see registerSharedQueue() and resolveSharedQueue(). The host limits neither how many values
/// wait in it nor how large they are: it is for the filter to take out what it puts in.
class SharedQueue {
 public:
  /// No queue: both functions answer NotFound.
  constexpr SharedQueue() = default;
  /// The queue that the host knows by this number, which is the same in all VMs.
  explicit constexpr SharedQueue(uint32_t id) : id_(id) {}
  /// The number.
  constexpr uint32_t id() const { return id_; }
  friend constexpr bool operator==(SharedQueue, SharedQueue) = default;

  /// Adds `value` at the end; RootContext::onQueueReady() is called in the VM that registered the queue. NotFound when
  /// there is no such queue any more (proxy_enqueue_shared_queue).
  Status enqueue(std::string_view value) const;
  /// Takes the first value out; valid until the callback returns. Empty when there is none, NotFound when there is no
  /// such queue any more. Any VM that knows the queue may do so, and each value comes out once
  /// (proxy_dequeue_shared_queue).
  Result<std::string_view> dequeue() const;

 private:
  uint32_t id_ = 0;
};

/// Makes the queue `name` of this vm_id, or takes it over with what waits in it; from now on
/// RootContext::onQueueReady() of the present root context is told of new values, and no other one. Where the filter
/// runs in several VMs, that is the last one that registered it (proxy_register_shared_queue).
Result<SharedQueue> registerSharedQueue(std::string_view name);

/// The queue `name` that a VM with the vm_id `vmId` (without one, with this VM's own) has registered. NotFound when
/// there is none yet: VMs start in no particular order, so that it may be worth another try later
/// (proxy_resolve_shared_queue).
Result<SharedQueue> resolveSharedQueue(std::string_view name, std::string_view vmId = {});

}  // namespace sluice
