// The lines that filters log.
#pragma once

#include <string>

#include "sluice/abi.h"

namespace sluice::host {

/// A line that a filter logged (or wrote to stdout or stderr).
struct LogLine {
  LogLevel level = LogLevel::Info;  ///< The level that the filter chose; Info for stdout, Error for stderr.
  std::string text = {};            ///< The text, without the prefix that Envoy adds.
  std::string plugin = {};          ///< PluginOptions::name of the filter.

  friend bool operator==(const LogLine&, const LogLine&) = default;
};

}  // namespace sluice::host
