// The foreign functions that Envoy registers by name.
#pragma once

#include <string>
#include <string_view>

#include "sluice/abi.h"

namespace sluice::host {

class Caller;

/// Calls Envoy's function `name` for `context`. Returns NotFound for a name that Envoy does not know, and throws an
/// Error for a function that the mock host does not play: the CEL functions expr_*. `result` stays empty when the
/// function has no result.
Status callEnvoyFunction(Caller& caller, std::string_view name, std::string_view arguments, std::string* result);

}  // namespace sluice::host
