// The lines that filters have logged.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sluice/abi.h"
#include "sluice/host/host.h"
#include "sluice/host/log_line.h"

namespace sluice::host {

struct Logs {
  LogLevel level = LogLevel::Trace;  ///< Lines below this level are dropped.
  std::vector<LogLine> lines;        ///< Oldest first.

  void add(LogLevel lineLevel, std::string_view text, const std::string& plugin) {
    if (lineLevel >= level) lines.push_back({lineLevel, std::string(text), plugin});
  }
};

}  // namespace sluice::host
