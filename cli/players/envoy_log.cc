#include "players/envoy_log.h"

#include <algorithm>

namespace sluice::scenario {
namespace {

LogLevel levelOf(const std::string& name) {
  if (name == "trace") return LogLevel::Trace;
  if (name == "debug") return LogLevel::Debug;
  if (name == "warning") return LogLevel::Warn;
  if (name == "error") return LogLevel::Error;
  if (name == "critical") return LogLevel::Critical;
  return LogLevel::Info;
}

EnvoyLogEntry parseEntry(std::string_view record) {
  EnvoyLogEntry entry;
  const std::size_t afterLevel = record.find('|');
  const std::size_t afterComponent = record.find('|', afterLevel + 1);
  entry.level = record.substr(0, afterLevel);
  entry.component = record.substr(afterLevel + 1, afterComponent - afterLevel - 1);
  record.remove_prefix(afterComponent + 1);
  if (record.ends_with('\n')) record.remove_suffix(1);
  entry.text = record;
  return entry;
}

}  // namespace

std::string envoyLogFormat(std::string_view mark) { return std::string(mark) + "%l|%n|%v"; }

std::vector<EnvoyLogEntry> parseEnvoyLog(std::string_view log, std::string_view mark) {
  std::vector<EnvoyLogEntry> entries;
  std::size_t begin = log.find(mark);
  if (const auto before = log.substr(0, begin); !before.empty()) {
    entries.push_back({"error", "process", std::string(before)});
  }
  while (begin != std::string_view::npos) {
    begin += mark.size();
    const std::size_t end = log.find(mark, begin);
    entries.push_back(parseEntry(log.substr(begin, end == std::string_view::npos ? end : end - begin)));
    begin = end;
  }
  return entries;
}

std::vector<LogLine> filterLog(const std::vector<EnvoyLogEntry>& entries, const std::vector<PluginSettings>& plugins) {
  // Root contexts log with root_id and vm_id, stream contexts with the plugin's name before these; empty ones are left
  // out.
  const auto word = [](const std::string& text) { return text.empty() ? text : " " + text; };
  std::vector<std::string> prefixes;
  for (const auto& plugin : plugins) {
    const std::string ids = word(plugin.rootId) + word(plugin.vmId) + ": ";
    prefixes.push_back("wasm log" + word(plugin.name) + ids);
    prefixes.push_back("wasm log" + ids);
  }
  std::vector<LogLine> lines;
  for (const auto& entry : entries) {
    if (entry.component != "wasm") continue;
    const auto prefix = std::find_if(prefixes.begin(), prefixes.end(),
                                     [&](const std::string& candidate) { return entry.text.starts_with(candidate); });
    if (prefix != prefixes.end()) lines.push_back({levelOf(entry.level), entry.text.substr(prefix->size())});
  }
  return lines;
}

}  // namespace sluice::scenario
