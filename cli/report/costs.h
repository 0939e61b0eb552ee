// The counts of `sluice bench`: as JSON, as a table, and compared with others.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "players/envoy_cpu.h"
#include "sluice/host/counts.h"

namespace sluice::cli {

/// The counts of one scenario.
struct BenchResult {
  std::string scenario;                               ///< The scenario file, as the user named it.
  std::map<std::string, uint64_t> modules;            ///< The size of each module in bytes, by file name.
  host::CountsByCallback costs;                       ///< By callback; "start" for start and configuration.
  std::optional<scenario::CpuComparison> envoy = {};  ///< The cost in a real Envoy, if it was measured.
};

/// The sum over all callbacks, without "start".
host::Counts trafficOf(const BenchResult& result);

/// Prints a table with a row for each callback.
void printTable(std::ostream& out, const BenchResult& result);

/// The results as JSON, which parseBaseline() reads.
nlohmann::ordered_json asJson(const std::vector<BenchResult>& results);

/// Reads what asJson() wrote. `file` stands for it in messages. Throws std::runtime_error that names what is wrong.
std::vector<BenchResult> parseBaseline(std::string_view json, const std::string& file);

/// Each count of `result` that is larger than the baseline's by more than `percent`, one line each.
std::vector<std::string> regressions(const BenchResult& result, const BenchResult& baseline, double percent);

/// The line that compares the traffic's counts of `result` with those of `other`, as ratios.
std::string comparison(const BenchResult& result, const BenchResult& other);

}  // namespace sluice::cli
