#include "proxy/log_printer.h"

#include "scenario/level.h"
#include "sluice/host/text.h"

namespace sluice::proxy {
namespace {

using scenario::EnvoyLogEntry;

constexpr std::string_view kFailed = "Wasm VM failed ";
constexpr size_t kMaxLine = 65536;

std::string_view colourOf(std::string_view level) {
  if (level == "error" || level == "critical" || level == "trap") return "\x1b[31m";
  if (level == "warn") return "\x1b[33m";
  if (level == "debug" || level == "trace") return "\x1b[2m";
  return "\x1b[36m";
}

// Whether Envoy says in the entry that it does not take a module. What it says about that is shown in one line, later.
bool isRefusal(const EnvoyLogEntry& entry) {
  if (entry.component == "config") return entry.text.find("rejected: ") != std::string::npos;
  return entry.component == "wasm" && (entry.text.starts_with(kFailed) || entry.text.ends_with("failed to load") ||
                                       entry.text.starts_with("Failed to initialize Wasm code"));
}

}  // namespace

void LogPrinter::print(const EnvoyLogEntry& entry) {
  for (const auto& line : scenario::filterLog({entry}, filters_)) {
    printLine(scenario::levelName(line.level), line.plugin, line.text);
    return;
  }
  const auto traps = scenario::trapsIn({entry});
  for (const auto& trap : traps) printLine("trap", filters_.empty() ? "" : filters_.front().options.name, trap);
  if (!traps.empty() || isRefusal(entry)) {
    startEntries_.push_back(entry);
  } else if (entry.level == "error" || entry.level == "critical") {
    printLine("error", "Envoy", entry.text);
  }
}

void LogPrinter::say(std::string_view text) { out_ << text << '\n' << std::flush; }

std::string LogPrinter::refusal() const {
  std::string last;
  for (const auto& entry : startEntries_) {
    if (entry.text.starts_with(kFailed)) return entry.text.substr(kFailed.size());
    last = entry.text;
  }
  return last;
}

void LogPrinter::printLine(std::string_view level, std::string_view who, std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::string padded(level);
  padded.resize(std::max<size_t>(padded.size(), 8), ' ');
  if (colours_) padded = std::string(colourOf(level)) + padded + "\x1b[0m";
  out_ << padded << ' ' << who << ": ";
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    out_ << (begin == 0 ? "" : "           ") << host::quoteUnlessPrintable(text.substr(begin, end - begin), kMaxLine)
         << '\n';
    begin = end + 1;
  }
  out_ << std::flush;
}

}  // namespace sluice::proxy
