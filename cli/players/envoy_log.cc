#include "players/envoy_log.h"

#include <algorithm>
#include <boost/algorithm/string/trim.hpp>
#include <boost/regex.hpp>

#include "scenario/level.h"

namespace sluice::scenario {
namespace {

// The only level with a different name in Envoy.
constexpr std::string_view kWarning = "warning";

LogLevel levelOf(const std::string& name) {
  return name == kWarning ? LogLevel::Warn : levelNamed(name).value_or(LogLevel::Info);
}

EnvoyLogEntry parseEntry(std::string_view record) {
  EnvoyLogEntry entry;
  const size_t afterLevel = record.find('|');
  const size_t afterComponent = record.find('|', afterLevel + 1);
  entry.level = record.substr(0, afterLevel);
  entry.component = record.substr(afterLevel + 1, afterComponent - afterLevel - 1);
  record.remove_prefix(afterComponent + 1);
  if (record.ends_with('\n')) record.remove_suffix(1);
  entry.text = record;
  return entry;
}

}  // namespace

std::string envoyLevelName(LogLevel level) {
  return level == LogLevel::Warn ? std::string(kWarning) : levelName(level);
}

std::string envoyLogFormat(std::string_view mark) { return std::string(mark) + "%l|%n|%v"; }

std::vector<EnvoyLogEntry> parseEnvoyLog(std::string_view log, std::string_view mark) {
  std::vector<EnvoyLogEntry> entries;
  size_t begin = log.find(mark);
  if (const auto before = log.substr(0, begin); !before.empty()) {
    entries.push_back({"error", "process", std::string(before)});
  }
  while (begin != std::string_view::npos) {
    begin += mark.size();
    const size_t end = log.find(mark, begin);
    entries.push_back(parseEntry(log.substr(begin, end == std::string_view::npos ? end : end - begin)));
    begin = end;
  }
  return entries;
}

std::vector<host::LogLine> filterLog(const std::vector<EnvoyLogEntry>& entries, const std::vector<Filter>& filters) {
  // Root contexts log with root_id and vm_id; stream contexts with the plugin's name, root_id and vm_id. Envoy omits
  // empty parts.
  struct Prefix {
    std::string text;
    std::string plugin;
  };
  const auto word = [](const std::string& text) { return text.empty() ? text : " " + text; };
  std::vector<Prefix> prefixes;
  for (const auto& filter : filters) {
    const std::string& name = filter.options.name;
    const std::string ids = word(filter.options.rootId) + word(filter.options.vmId) + ": ";
    prefixes.push_back({"wasm log" + word(name) + ids, name});
    prefixes.push_back({"wasm log" + ids, name});
  }
  std::vector<host::LogLine> lines;
  for (const auto& entry : entries) {
    if (entry.component != "wasm") continue;
    const auto prefix = std::find_if(prefixes.begin(), prefixes.end(),
                                     [&](const Prefix& candidate) { return entry.text.starts_with(candidate.text); });
    if (prefix == prefixes.end()) continue;
    lines.push_back({levelOf(entry.level), entry.text.substr(prefix->text.size()), prefix->plugin});
  }
  return lines;
}

std::vector<std::string> trapsIn(const std::vector<EnvoyLogEntry>& entries) {
  static const boost::regex kInFunction("^Function: (\\S+) failed: (.*)$");
  static const boost::regex kInStartFunction("^wasm://\\S+: (Uncaught \\w*Error: .*)$");
  std::vector<std::string> traps;
  const auto add = [&traps](const std::string& trap) {
    if (std::find(traps.begin(), traps.end(), trap) == traps.end()) traps.push_back(trap);
  };
  boost::smatch match;
  for (const auto& entry : entries) {
    if (entry.component == "wasm" && boost::regex_match(entry.text, match, kInFunction)) {
      add("the guest trapped in " + match.str(1) + ": " + match.str(2));
    } else if (entry.component == "process" && boost::regex_search(entry.text, match, kInStartFunction)) {
      add("the guest trapped in its start function: " + boost::trim_right_copy(match.str(1)));
    }
  }
  return traps;
}

bool refusedByFilter(const std::vector<EnvoyLogEntry>& entries) {
  const auto says = [&entries](std::string_view text) {
    return std::any_of(entries.begin(), entries.end(), [text](const EnvoyLogEntry& entry) {
      return entry.component == "wasm" && entry.text.find(text) != std::string::npos;
    });
  };
  // False from proxy_on_configure or proxy_on_vm_start, or a trap there or before.
  return says("Failed to configure base Wasm plugin") || says("Failed to start base Wasm") ||
         (says("Failed to initialize Wasm code") && !trapsIn(entries).empty());
}

}  // namespace sluice::scenario
