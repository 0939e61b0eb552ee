// The error of a filter that does what crashes a real Envoy 1.40.
#pragma once

#include <string_view>

#include "sluice/host/error.h"

namespace sluice::host {

/// An error of kind EnvoyCrash that says what the filter did and why Envoy crashes.
Error envoyCrash(std::string_view operation, std::string_view why);

}  // namespace sluice::host
