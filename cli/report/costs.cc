#include "report/costs.h"

#include <algorithm>
#include <array>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <stdexcept>

namespace sluice::cli {
namespace {

// A count of a callback: its name in JSON, its title in the table, and its place.
struct Column {
  const char* name;
  const char* title;
  uint64_t (*get)(const host::Counts& counts);
  void (*set)(host::Counts& counts, uint64_t value);
};

constexpr std::array kColumns = {
    Column{"calls", "calls", [](const host::Counts& c) { return c.calls; },
           [](host::Counts& c, uint64_t value) { c.calls = value; }},
    Column{"instructions", "instructions", [](const host::Counts& c) { return c.instructions; },
           [](host::Counts& c, uint64_t value) { c.instructions = value; }},
    Column{"crossings", "crossings", [](const host::Counts& c) { return c.crossings; },
           [](host::Counts& c, uint64_t value) { c.crossings = value; }},
    Column{"bytes_copied", "bytes copied", [](const host::Counts& c) { return c.bytesCopied; },
           [](host::Counts& c, uint64_t value) { c.bytesCopied = value; }},
    Column{"bulk_bytes", "bulk bytes", [](const host::Counts& c) { return c.bulkBytes; },
           [](host::Counts& c, uint64_t value) { c.bulkBytes = value; }},
    Column{"pages", "pages", [](const host::Counts& c) { return uint64_t{c.pages}; },
           [](host::Counts& c, uint64_t value) { c.pages = static_cast<uint32_t>(value); }},
};

constexpr std::string_view kStart = "start";
constexpr int kColumnWidth = 14;

std::string withPercent(double value) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << value << " %";
  return text.str();
}

// Adds a line if `now` is more than `percent` above `before`.
void compare(std::vector<std::string>& lines, const std::string& what, uint64_t now, uint64_t before, double percent) {
  if (static_cast<double>(now) <= static_cast<double>(before) * (1 + percent / 100)) return;
  const double more = 100 * (static_cast<double>(now) - static_cast<double>(before)) / static_cast<double>(before);
  lines.push_back(what + ": " + std::to_string(now) + ", the baseline has " + std::to_string(before) +
                  (before == 0 ? "" : ": " + withPercent(more) + " more") + " (allowed: " + withPercent(percent) + ")");
}

void printRow(std::ostream& out, std::string_view title, int width, const host::Counts& counts) {
  out << "  " << std::left << std::setw(width) << title << std::right;
  for (const auto& column : kColumns) out << std::setw(kColumnWidth) << column.get(counts);
  out << '\n';
}

void printEnvoy(std::ostream& out, const scenario::CpuComparison& envoy) {
  const auto ratios = envoy.ratios();
  std::ostringstream line;
  line << std::fixed << std::setprecision(2) << "  in " << envoy.host << ": " << scenario::median(ratios)
       << " x the CPU of no filter (" << ratios.front() << " to " << ratios.back() << " in " << ratios.size()
       << " rounds of " << envoy.requests << " requests), " << std::setprecision(1)
       << scenario::median(envoy.withFilters) / 1000 << " us a request, " << scenario::median(envoy.without) / 1000
       << " us without\n";
  out << line.str();
}

}  // namespace

host::Counts trafficOf(const BenchResult& result) {
  host::Counts sum;
  for (const auto& [callback, counts] : result.costs) {
    if (callback != kStart) sum += counts;
  }
  return sum;
}

void printTable(std::ostream& out, const BenchResult& result) {
  out << result.scenario << '\n';
  for (const auto& [module, bytes] : result.modules) out << "  " << module << ": " << bytes << " bytes\n";
  size_t width = std::string_view("all traffic").size();
  for (const auto& [callback, counts] : result.costs) width = std::max(width, callback.size());
  out << "  " << std::setw(static_cast<int>(width)) << "";
  for (const auto& column : kColumns) out << std::setw(kColumnWidth) << column.title;
  out << '\n';
  for (const auto& [callback, counts] : result.costs) printRow(out, callback, static_cast<int>(width), counts);
  printRow(out, "all traffic", static_cast<int>(width), trafficOf(result));
  if (result.envoy) printEnvoy(out, *result.envoy);
}

nlohmann::ordered_json asJson(const std::vector<BenchResult>& results) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& result : results) {
    auto& entry = json.emplace_back(nlohmann::ordered_json{{"scenario", result.scenario}});
    for (const auto& [module, bytes] : result.modules) entry["modules"][module] = bytes;
    if (result.envoy) {
      const auto ratios = result.envoy->ratios();
      entry["envoy"] = {{"host", result.envoy->host},
                        {"cpu_ratio", scenario::median(ratios)},
                        {"cpu_ratio_least", ratios.front()},
                        {"cpu_ratio_most", ratios.back()},
                        {"rounds", ratios.size()},
                        {"requests_a_round", result.envoy->requests},
                        {"ns_a_request", scenario::median(result.envoy->withFilters)},
                        {"ns_a_request_without_filters", scenario::median(result.envoy->without)}};
    }
    entry["callbacks"] = nlohmann::ordered_json::object();
    for (const auto& [callback, counts] : result.costs) {
      for (const auto& column : kColumns) entry["callbacks"][callback][column.name] = column.get(counts);
    }
  }
  return {{"scenarios", std::move(json)}};
}

std::vector<BenchResult> parseBaseline(std::string_view json, const std::string& file) {
  std::vector<BenchResult> results;
  try {
    const auto document = nlohmann::json::parse(json);
    for (const auto& entry : document.at("scenarios")) {
      auto& result = results.emplace_back();
      result.scenario = entry.at("scenario").get<std::string>();
      result.modules = entry.at("modules").get<std::map<std::string, uint64_t>>();
      for (const auto& [callback, counts] : entry.at("callbacks").items()) {
        for (const auto& column : kColumns) column.set(result.costs[callback], counts.at(column.name).get<uint64_t>());
      }
    }
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(file + ": not what `sluice bench --json` prints: " + error.what());
  }
  return results;
}

std::vector<std::string> regressions(const BenchResult& result, const BenchResult& baseline, double percent) {
  std::vector<std::string> lines;
  for (const auto& [module, bytes] : result.modules) {
    const auto before = baseline.modules.find(module);
    if (before != baseline.modules.end()) {
      compare(lines, result.scenario + ": bytes of " + module, bytes, before->second, percent);
    }
  }
  for (const auto& [callback, counts] : result.costs) {
    const auto found = baseline.costs.find(callback);
    const auto before = found == baseline.costs.end() ? host::Counts() : found->second;
    for (const auto& column : kColumns) {
      compare(lines, result.scenario + ": " + callback + ": " + column.title, column.get(counts), column.get(before),
              percent);
    }
  }
  return lines;
}

std::string comparison(const BenchResult& result, const BenchResult& other) {
  const auto mine = trafficOf(result);
  const auto others = trafficOf(other);
  std::ostringstream line;
  line << std::fixed << std::setprecision(2);
  for (const auto& column : kColumns) {
    const auto divisor = column.get(others);
    if (divisor == 0 && column.get(mine) == 0) continue;
    line << (line.tellp() == 0 ? "" : ", ") << column.title << ' ';
    if (divisor == 0) {
      line << column.get(mine) << " to 0";
    } else {
      line << static_cast<double>(column.get(mine)) / static_cast<double>(divisor) << " x";
    }
  }
  return line.str();
}

}  // namespace sluice::cli
