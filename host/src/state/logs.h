// The lines that filters have logged.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/abi.h"
#include "sluice/host/host.h"
#include "sluice/host/log_line.h"
#include "state/kept.h"

namespace sluice::host {

struct Logs {
  LogLevel level = LogLevel::Trace;  ///< Lines below this level are dropped.
  std::vector<LogLine> lines;        ///< Oldest first.
  uint64_t bytes = 0;                ///< What the lines take, about.

  void add(LogLevel lineLevel, std::string_view text, const std::string& plugin) {
    if (lineLevel < level) return;
    lines.push_back({lineLevel, std::string(text), plugin});
    bytes += kept(text.size() + plugin.size());
  }
  void clear() {
    lines.clear();
    bytes = 0;
  }
};

}  // namespace sluice::host
