// Reads an Envoy's log: the filter's lines, and Envoy's own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenario/filter.h"
#include "sluice/abi.h"
#include "sluice/host/log_line.h"

namespace sluice::scenario {

/// Envoy's name for a level: "info", "warning" …
std::string envoyLevelName(LogLevel level);

/// One entry of Envoy's own log; `text` may hold newlines.
struct EnvoyLogEntry {
  std::string level;      ///< Envoy's name; see envoyLevelName().
  std::string component;  ///< Envoy's name for the part that logs, such as "wasm" or "main".
  std::string text;
};

/// The value for Envoy's --log-format that lets parseEnvoyLog() find where entries begin. `mark` must be a word that no
/// filter logs, such as a random one.
std::string envoyLogFormat(std::string_view mark);

/// Splits a log written with envoyLogFormat(mark). Text before the first entry, such as an error of the dynamic linker,
/// becomes an entry of level "error" and component "process".
std::vector<EnvoyLogEntry> parseEnvoyLog(std::string_view log, std::string_view mark);

/// The lines that the filters logged, in order, without the prefix that Envoy adds.
std::vector<host::LogLine> filterLog(const std::vector<EnvoyLogEntry>& entries, const std::vector<Filter>& filters);

/// What Envoy says about each trap of a filter, with the guest's stack where the module has the names of functions. An
/// entry that repeats counts once.
std::vector<std::string> trapsIn(const std::vector<EnvoyLogEntry>& entries);

/// Whether a filter refused its configuration or trapped while it started, so that Envoy ended.
bool refusedByFilter(const std::vector<EnvoyLogEntry>& entries);

}  // namespace sluice::scenario
