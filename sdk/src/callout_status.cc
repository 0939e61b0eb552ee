#include "sluice/callout_status.h"

#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

namespace sluice {

Result<CalloutStatus> calloutStatus() {
  internal::HostData message;
  uint32_t code = 0;
  const auto status = message.check(abi::proxy_get_status(&code, &message.data, &message.size));
  if (status != Status::Ok) return status;
  return CalloutStatus{code, message.view()};
}

}  // namespace sluice
