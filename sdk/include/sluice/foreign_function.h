// Foreign functions: functions of a host beyond the ABI, called by name.
#pragma once

#include <string_view>

#include "sluice/abi.h"
#include "sluice/result.h"

namespace sluice {

/// Calls the host's function `name` with `arguments` and returns its result, which is valid until the callback returns.
/// NotFound when the host has no such function. Each function defines the format of its arguments and its result; Envoy
/// has functions such as "compress" and "set_envoy_filter_state" (proxy_call_foreign_function). For calls from the host
/// to the filter see RootContext::onForeignFunction().
Result<std::string_view> callForeignFunction(std::string_view name, std::string_view arguments = {});

}  // namespace sluice
