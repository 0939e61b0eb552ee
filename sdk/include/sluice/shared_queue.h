// Shared queues: pass bytes from one VM to another, first in, first out.
#pragma once

#include <cstdint>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/result.h"

namespace sluice {

/// A queue that the host holds; see registerSharedQueue() and resolveSharedQueue(). The host limits neither the number
/// of values in the queue nor their size: filters must take out what they put in.
class SharedQueue {
 public:
  /// No queue: enqueue() and dequeue() return NotFound.
  constexpr SharedQueue() = default;
  /// The queue with this id. The host's id of a queue is the same in all VMs.
  explicit constexpr SharedQueue(uint32_t id) : id_(id) {}
  /// The host's id of the queue.
  [[nodiscard]] constexpr uint32_t id() const { return id_; }
  friend constexpr bool operator==(SharedQueue, SharedQueue) = default;

  /// Adds `value` at the end. The host then calls RootContext::onQueueReady() in the VM that registered the queue.
  /// NotFound when the queue no longer exists (proxy_enqueue_shared_queue).
  Status enqueue(std::string_view value) const;
  /// Takes out the first value; the view is valid until the callback returns. Empty when the queue has no value,
  /// NotFound when the queue no longer exists. Any VM that knows the queue may take values out; the host gives each
  /// value once (proxy_dequeue_shared_queue).
  Result<std::string_view> dequeue() const;

 private:
  uint32_t id_ = 0;
};

/// Creates the queue `name` of this vm_id, or takes over an existing one with the values in it. From now on the host
/// calls onQueueReady() of the current root context for new values, and of no other root context. When several VMs
/// register the same queue, the last one gets the calls (proxy_register_shared_queue).
Result<SharedQueue> registerSharedQueue(std::string_view name);

/// The queue `name` that a VM with the vm_id `vmId` has registered; an empty `vmId` means this VM's own vm_id. NotFound
/// when no VM has registered it yet: VMs start in no particular order, so try again later (proxy_resolve_shared_queue).
Result<SharedQueue> resolveSharedQueue(std::string_view name, std::string_view vmId = {});

}  // namespace sluice
