// Foreign functions: what a host offers beyond the ABI, by name.
#pragma once

#include <string_view>

#include "sluice/abi.h"
#include "sluice/result.h"

namespace sluice {

/// Calls the host's function `name` with `arguments`, and gives what it answers, valid until the callback returns.
/// NotFound when the host has no such function; what arguments and answer look like is between it and the filter (Envoy
/// has functions such as "compress" and "set_envoy_filter_state"). For calls in the other direction see
/// RootContext::onForeignFunction() (proxy_call_foreign_function).
Result<std::string_view> callForeignFunction(std::string_view name, std::string_view arguments = {});

}  // namespace sluice
