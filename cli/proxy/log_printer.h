// Shows on the terminal what the filter and Envoy say.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "players/envoy_log.h"

namespace sluice::proxy {

/// Prints the filter's lines (level, plugin, text), traps, and Envoy's own errors, each at once.
class LogPrinter {
 public:
  LogPrinter(std::ostream& out, bool colours) : out_(out), colours_(colours) {}

  /// From now on the lines come from this filter.
  void setFilter(const scenario::Filter& filter) { filters_ = {filter}; }
  void print(const scenario::EnvoyLogEntry& entry);
  /// Prints a line of sluice's own.
  void say(std::string_view text);

  /// Why Envoy did not take a module or its configuration, in Envoy's words; empty if it did not say so since clear().
  [[nodiscard]] std::string refusal() const;
  /// Whether the filter itself refused its configuration or trapped while it started, since clear().
  [[nodiscard]] bool refusedByFilter() const { return scenario::refusedByFilter(startEntries_); }
  void clear() { startEntries_.clear(); }

 private:
  void printLine(std::string_view level, std::string_view who, std::string_view text);

  std::ostream& out_;
  bool colours_;
  std::vector<scenario::Filter> filters_;
  std::vector<scenario::EnvoyLogEntry> startEntries_;  // Those that say that something was refused.
};

}  // namespace sluice::proxy
