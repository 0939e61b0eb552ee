// What filters log.
#pragma once

#include <string>

#include "sluice/abi.h"

namespace sluice::host {

/// A line that a filter logged (or wrote to stdout or stderr).
struct LogLine {
  LogLevel level = LogLevel::Info;  ///< As the filter chose it; Info for stdout, Error for stderr.
  std::string text = {};            ///< Without the prefix that Envoy puts before it.
  std::string plugin = {};          ///< PluginOptions::name of the filter.

  friend bool operator==(const LogLine&, const LogLine&) = default;
};

}  // namespace sluice::host
