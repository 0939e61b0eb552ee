// The names of log levels.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sluice/abi.h"

namespace sluice::scenario {

/// The level as scenarios write it: "info".
std::string levelName(LogLevel level);

/// The level of that name, if there is one.
std::optional<LogLevel> levelNamed(std::string_view name);

}  // namespace sluice::scenario
