// The names of log levels.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sluice/abi.h"

namespace sluice::scenario {

/// The level's name in scenarios, such as "info".
std::string levelName(LogLevel level);

/// The level with this name, or nothing.
std::optional<LogLevel> levelNamed(std::string_view name);

}  // namespace sluice::scenario
