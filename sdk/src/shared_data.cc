#include "sluice/shared_data.h"

#include "sluice/internal/runtime.h"

namespace sluice::internal {

Result<SharedValue<>> getSharedBytes(std::string_view key) {
  HostData value;
  uint32_t cas = 0;
  const auto status = value.check(abi::proxy_get_shared_data(key.data(), key.size(), &value.data, &value.size, &cas));
  if (status != Status::Ok) return status;
  return SharedValue<>{value.view(), cas};
}

}  // namespace sluice::internal
