// The foreign functions that Envoy registers by name.
#pragma once

#include <string>
#include <string_view>

#include "sluice/abi.h"

namespace sluice::host {

class Context;

/// Calls Envoy's function `name`: clear_route_cache, declare_property, set_envoy_filter_state. NotFound for any other
/// name: compress, uncompress, sign, verify_signature and the CEL functions (expr_*) are not played; a test that needs
/// one registers it. `result` stays empty where a function gives none.
Status callEnvoyFunction(Context& context, std::string_view name, std::string_view arguments, std::string* result);

}  // namespace sluice::host
