// Reading an Envoy's log: what the filter said, and what Envoy said about it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenario/filter.h"
#include "sluice/abi.h"
#include "sluice/host/log_line.h"

namespace sluice::scenario {

/// Envoy's name of a level: "info", "warning" …
std::string envoyLevelName(LogLevel level);

/// One entry of Envoy's own log; `text` may hold newlines.
struct EnvoyLogEntry {
  std::string level;      ///< As envoyLevelName() has it.
  std::string component;  ///< Envoy's name of the part that speaks, such as "wasm" or "main".
  std::string text;
};

/// The value of Envoy's --log-format with which parseEnvoyLog() finds the entries' borders. `mark` must be a word that
/// no filter logs, such as a random one.
std::string envoyLogFormat(std::string_view mark);

/// Splits a log written with envoyLogFormat(mark). What stands before the first entry becomes an entry of level "error"
/// and component "process": a dynamic linker's complaint, say.
std::vector<EnvoyLogEntry> parseEnvoyLog(std::string_view log, std::string_view mark);

/// The lines that the filters logged, in order, without the prefix that Envoy puts before them.
std::vector<host::LogLine> filterLog(const std::vector<EnvoyLogEntry>& entries, const std::vector<Filter>& filters);

}  // namespace sluice::scenario
