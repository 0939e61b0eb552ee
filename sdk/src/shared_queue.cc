#include "sluice/shared_queue.h"

#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

namespace sluice {

Status SharedQueue::enqueue(std::string_view value) const {
  const internal::NestingScope nesting;
  return abi::proxy_enqueue_shared_queue(id_, value.data(), value.size());
}

Result<std::string_view> SharedQueue::dequeue() const {
  internal::HostData value;
  const auto status = value.check(abi::proxy_dequeue_shared_queue(id_, &value.data, &value.size));
  if (status != Status::Ok) return status;
  return value.view();
}

Result<SharedQueue> registerSharedQueue(std::string_view name) {
  uint32_t id = 0;
  const auto status = abi::proxy_register_shared_queue(name.data(), name.size(), &id);
  if (status != Status::Ok) return status;
  return SharedQueue(id);
}

Result<SharedQueue> resolveSharedQueue(std::string_view name, std::string_view vmId) {
  uint32_t id = 0;
  const auto status = abi::proxy_resolve_shared_queue(vmId.data(), vmId.size(), name.data(), name.size(), &id);
  if (status != Status::Ok) return status;
  return SharedQueue(id);
}

}  // namespace sluice
