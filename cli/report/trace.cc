#include "report/trace.h"

#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <sstream>
#include <string_view>
#include <tuple>

#include "sluice/host/text.h"

namespace sluice::cli {
namespace {

using host::Crossing;
using host::CrossingValue;
using scenario::Trace;
using scenario::TraceEvent;

constexpr size_t kFunctionsShown = 15;

std::string quoted(std::string_view bytes, uint64_t size, size_t shown) {
  const size_t count = std::min(bytes.size(), shown);
  std::string text = host::quote(bytes.substr(0, count), SIZE_MAX);
  if (size > count) text += "... (" + std::to_string(size) + " bytes)";
  return text;
}

std::string fieldList(const CrossingValue& value, size_t shown) {
  std::string text = "{";
  for (const auto& [name, content] : value.fields) {
    if (text.size() > shown) return text + ", ...} (" + std::to_string(value.size) + " bytes)";
    text += (text.size() > 1 ? ", " : "") + host::quoteUnlessPrintable(name) + ": " +
            quoted(content, content.size(), shown);
  }
  return text + "}";
}

// The words of a property's path are separated by zero bytes.
std::string dotted(std::string path) {
  std::replace(path.begin(), path.end(), '\0', '.');
  return path;
}

std::string list(const std::vector<CrossingValue>& values, size_t shown, bool withContext) {
  std::string text;
  for (const auto& value : values) {
    if (!withContext && value.name == "context_id") continue;
    text += (text.empty() ? "" : ", ") + value.name + (value.name.empty() ? "" : "=") + describe(value, shown);
  }
  return text;
}

// The crossings that are part of one table, with the width of its columns.
class Table {
 public:
  Table(std::ostream& out, const Trace& trace) : out_(out) {
    std::set<std::string> plugins;
    for (const auto& crossing : trace.crossings) {
      plugins.insert(crossing.plugin);
      pluginWidth_ = std::max(pluginWidth_, crossing.plugin.size());
    }
    if (plugins.size() < 2) pluginWidth_ = 0;
  }

  void head(const std::string& indent) {
    out_ << indent << "instructions    bytes  context  stream  ";
    if (pluginWidth_ > 0) out_ << std::left << std::setw(static_cast<int>(pluginWidth_ + 2)) << "plugin" << std::right;
    out_ << "crossing\n";
  }

  void row(const Crossing& crossing, const std::string& indent, uint32_t leastDepth) {
    const std::string count = crossing.intoGuest() ? std::to_string(crossing.instructions)
                                                   : "+" + std::to_string(crossing.instructionsBefore);
    out_ << indent << std::setw(12) << count << std::setw(9) << crossing.bytesCopied << std::setw(9) << crossing.context
         << std::setw(8) << (crossing.stream ? std::to_string(*crossing.stream) : "-") << "  ";
    if (pluginWidth_ > 0) {
      out_ << std::left << std::setw(static_cast<int>(pluginWidth_ + 2)) << host::quoteUnlessPrintable(crossing.plugin)
           << std::right;
    }
    const size_t steps = crossing.depth - std::min(crossing.depth, leastDepth);
    out_ << std::string(2 * std::min<size_t>(steps, 20), ' ') << describe(crossing) << '\n';
  }

 private:
  std::ostream& out_;
  size_t pluginWidth_ = 0;
};

void printEvent(std::ostream& out, const TraceEvent& event) {
  const std::string text = host::quoteUnlessPrintable(event.text, 200);
  switch (event.kind) {
    case TraceEvent::Kind::Begins:
      out << '\n' << event.exchange.value_or(0) + 1 << ". " << text << '\n';
      break;
    case TraceEvent::Kind::ToProxy:
      out << "  client -> proxy: " << text << '\n';
      break;
    case TraceEvent::Kind::ToUpstream:
      out << "  proxy -> upstream: " << text << '\n';
      break;
    case TraceEvent::Kind::FromUpstream:
      out << "  upstream -> proxy: " << text << '\n';
      break;
    case TraceEvent::Kind::ToClient:
      out << "  proxy -> client: " << text << '\n';
      break;
    case TraceEvent::Kind::Ends:
      out << '\n' << text << '\n';
      break;
  }
}

void printFunctions(std::ostream& out, const Trace& trace) {
  uint64_t total = 0;
  for (const auto& function : trace.functions) total += function.instructions;
  if (total == 0) return;
  out << "\ninstructions by function, without what it calls\n";
  for (const auto& function : hottest(trace, kFunctionsShown)) {
    std::ostringstream share;
    share << std::fixed << std::setprecision(1)
          << 100.0 * static_cast<double>(function.instructions) / static_cast<double>(total) << " %";
    out << std::setw(14) << function.instructions << std::setw(9) << share.str() << "  "
        << host::quoteUnlessPrintable(function.function) << '\n';
  }
  if (trace.functions.size() > kFunctionsShown) {
    out << "                         and " << trace.functions.size() - kFunctionsShown << " more\n";
  }
}

std::string_view eventName(TraceEvent::Kind kind) {
  switch (kind) {
    case TraceEvent::Kind::Begins:
      return "begins";
    case TraceEvent::Kind::ToProxy:
      return "to_proxy";
    case TraceEvent::Kind::ToUpstream:
      return "to_upstream";
    case TraceEvent::Kind::FromUpstream:
      return "from_upstream";
    case TraceEvent::Kind::ToClient:
      return "to_client";
    case TraceEvent::Kind::Ends:
      break;
  }
  return "ends";
}

nlohmann::ordered_json valueAsJson(const CrossingValue& value) {
  nlohmann::ordered_json json;
  if (!value.name.empty()) json["name"] = value.name;
  switch (value.kind) {
    case CrossingValue::Kind::Integer:
      json["value"] = value.number;
      break;
    case CrossingValue::Kind::Enumerator:
      json["value"] = value.bytes;
      json["number"] = value.number;
      break;
    case CrossingValue::Kind::Bytes:
      json["value"] = value.bytes;
      json["bytes"] = value.size;
      break;
    case CrossingValue::Kind::Fields:
      json["value"] = nlohmann::ordered_json::array();
      for (const auto& [name, content] : value.fields) json["value"].push_back({name, content});
      json["bytes"] = value.size;
      break;
  }
  return json;
}

nlohmann::ordered_json valuesAsJson(const std::vector<CrossingValue>& values) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& value : values) json.push_back(valueAsJson(value));
  return json;
}

nlohmann::ordered_json crossingAsJson(const Crossing& crossing) {
  nlohmann::ordered_json json = {{"kind", nameOf(crossing.kind)},  {"name", crossing.name},
                                 {"depth", crossing.depth},        {"plugin", crossing.plugin},
                                 {"context_id", crossing.context}, {"root_context_id", crossing.root},
                                 {"stream_id", nullptr},           {"arguments", valuesAsJson(crossing.arguments)},
                                 {"returned", crossing.returned}};
  if (crossing.stream) json["stream_id"] = *crossing.stream;
  if (crossing.status) json["status"] = toString(*crossing.status);
  json["results"] = valuesAsJson(crossing.results);
  json["instructions_before"] = crossing.instructionsBefore;
  json["instructions"] = crossing.instructions;
  json["bytes_copied"] = crossing.bytesCopied;
  return json;
}

}  // namespace

const char* nameOf(Crossing::Kind kind) {
  switch (kind) {
    case Crossing::Kind::Callback:
      return "callback";
    case Crossing::Kind::Allocation:
      return "allocation";
    case Crossing::Kind::Hostcall:
      return "hostcall";
    case Crossing::Kind::Wasi:
      break;
  }
  return "wasi";
}

std::string describe(const CrossingValue& value, size_t shown) {
  switch (value.kind) {
    case CrossingValue::Kind::Integer:
      break;
    case CrossingValue::Kind::Enumerator:
      return value.bytes == "unknown" ? std::to_string(value.number) : value.bytes;
    case CrossingValue::Kind::Bytes:
      return quoted(value.name == "path" ? dotted(value.bytes) : value.bytes, value.size, shown);
    case CrossingValue::Kind::Fields:
      return fieldList(value, shown);
  }
  return std::to_string(value.number);
}

std::string describe(const Crossing& crossing, size_t shown) {
  std::string text =
      crossing.name + "(" + list(crossing.arguments, shown, crossing.kind != Crossing::Kind::Callback) + ")";
  if (!crossing.returned) return text + " trapped";
  std::string results = list(crossing.results, shown, true);
  if (crossing.status) results = std::string(toString(*crossing.status)) + (results.empty() ? "" : ", ") + results;
  return results.empty() ? text : text + " = " + results;
}

std::string totalOf(const Trace& trace) {
  uint64_t instructions = 0;
  uint64_t bytes = 0;
  for (const auto& crossing : trace.crossings) {
    if (crossing.depth > 0) continue;
    instructions += crossing.instructions;
    bytes += crossing.bytesCopied;
  }
  return std::to_string(trace.crossings.size() + trace.dropped) + " crossings, " + std::to_string(instructions) +
         " instructions, " + std::to_string(bytes) + " bytes copied" +
         (trace.dropped == 0 ? "" : "; the last " + std::to_string(trace.dropped) + " crossings are not recorded");
}

std::vector<host::FunctionInstructions> hottest(const Trace& trace, size_t count) {
  auto functions = trace.functions;
  std::sort(functions.begin(), functions.end(), [](const auto& a, const auto& b) {
    return std::tie(b.instructions, a.module, a.function) < std::tie(a.instructions, b.module, b.function);
  });
  functions.resize(std::min(functions.size(), count));
  return functions;
}

void printTrace(std::ostream& out, const scenario::Scenario& scenario, const Trace& trace) {
  out << scenario.file << " on the mock host: " << totalOf(trace)
      << "\n(instructions: all of a call into the guest; with +, those of the guest just before its call of the "
         "host)\n\n";
  Table table(out, trace);
  table.head("");
  auto event = trace.events.begin();
  for (size_t i = 0; i <= trace.crossings.size(); ++i) {
    for (; event != trace.events.end() && event->at <= i; ++event) printEvent(out, *event);
    if (i < trace.crossings.size()) table.row(trace.crossings[i], "", 0);
  }
  printFunctions(out, trace);
}

void printLastCrossings(std::ostream& out, const Trace& trace, std::optional<size_t> exchange, size_t count,
                        const std::string& indent) {
  auto [first, end] = trace.range(exchange);
  for (const auto& event : trace.events) {
    // What comes after the response, the end of the stream, did not lead to it.
    if (exchange && event.exchange == exchange && event.kind == TraceEvent::Kind::ToClient) end = event.at;
  }
  const size_t begin = end - first > count ? end - count : first;
  if (begin == end) return;
  uint32_t leastDepth = UINT32_MAX;
  for (size_t i = begin; i < end; ++i) leastDepth = std::min(leastDepth, trace.crossings[i].depth);
  Table table(out, trace);
  table.head(indent);
  if (begin > first) out << indent << "(" << begin - first << " crossings before these)\n";
  for (size_t i = begin; i < end; ++i) table.row(trace.crossings[i], indent, leastDepth);
}

nlohmann::ordered_json asJson(const scenario::Scenario& scenario, const Trace& trace) {
  nlohmann::ordered_json json = {{"scenario", scenario.file}, {"host", "the mock host"}};
  json["crossings"] = nlohmann::ordered_json::array();
  for (const auto& crossing : trace.crossings) json["crossings"].push_back(crossingAsJson(crossing));
  json["crossings_not_recorded"] = trace.dropped;
  json["events"] = nlohmann::ordered_json::array();
  for (const auto& event : trace.events) {
    auto& entry = json["events"].emplace_back(
        nlohmann::ordered_json{{"crossings_before", event.at}, {"kind", eventName(event.kind)}, {"text", event.text}});
    if (event.exchange) entry["exchange"] = *event.exchange + 1;
  }
  json["functions"] = nlohmann::ordered_json::array();
  for (const auto& function : hottest(trace, trace.functions.size())) {
    json["functions"].push_back(
        {{"module", function.module}, {"function", function.function}, {"instructions", function.instructions}});
  }
  return json;
}

}  // namespace sluice::cli
