// The foreign functions that Envoy registers by name.
#pragma once

#include <string>
#include <string_view>

#include "sluice/abi.h"

namespace sluice::host {

class Context;

/// Calls Envoy's function `name`: clear_route_cache, declare_property or set_envoy_filter_state. Returns NotFound for
/// any other name: the host does not play compress, uncompress, sign, verify_signature and the CEL functions (expr_*);
/// a test that needs one registers it. `result` stays empty when the function has no result.
Status callEnvoyFunction(Context& context, std::string_view name, std::string_view arguments, std::string* result);

}  // namespace sluice::host
