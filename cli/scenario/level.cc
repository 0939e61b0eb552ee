#include "scenario/level.h"

#include "sluice/host/text.h"

namespace sluice::scenario {

std::string levelName(LogLevel level) { return host::lowerCase(toString(level)); }

std::optional<LogLevel> levelNamed(std::string_view name) {
  for (const auto level :
       {LogLevel::Trace, LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error, LogLevel::Critical}) {
    if (levelName(level) == name) return level;
  }
  return std::nullopt;
}

}  // namespace sluice::scenario
