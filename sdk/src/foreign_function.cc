#include "sluice/foreign_function.h"

#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

namespace sluice {

Result<std::string_view> callForeignFunction(std::string_view name, std::string_view arguments) {
  const internal::NestingScope nesting;
  internal::HostData answer;
  const auto status = answer.check(abi::proxy_call_foreign_function(name.data(), name.size(), arguments.data(),
                                                                    arguments.size(), &answer.data, &answer.size));
  if (status != Status::Ok) return status;
  return answer.view();
}

}  // namespace sluice
