#include "report/trace_html.h"

#include <algorithm>
#include <iomanip>
#include <map>
#include <sstream>
#include <string_view>
#include <tuple>
#include <vector>

#include "report/html.h"
#include "report/trace.h"

namespace sluice::cli {

// report/page/trace.css and trace.js, which the build makes a source of.
extern const std::string_view kTraceStyle;
extern const std::string_view kTraceScript;

namespace {

using host::Crossing;
using scenario::Trace;
using scenario::TraceEvent;

constexpr size_t kRowsShown = 5000;  // A browser is slow with more.
constexpr size_t kFunctionsShown = 20;
constexpr size_t kShownInRow = 80;
constexpr size_t kShownInDetails = host::CrossingValue::kMaxBytes;

struct Bar {
  std::string name;
  uint64_t instructions;
};

// Bars, the longest first. Those behind the first kFunctionsShown become one.
void writeBars(std::ostream& out, std::vector<Bar> bars) {
  std::sort(bars.begin(), bars.end(), [](const auto& a, const auto& b) {
    return std::tie(b.instructions, a.name) < std::tie(a.instructions, b.name);
  });
  uint64_t total = 0;
  for (const auto& bar : bars) total += bar.instructions;
  if (bars.size() > kFunctionsShown + 1) {
    Bar rest{std::to_string(bars.size() - kFunctionsShown) + " more", 0};
    for (size_t i = kFunctionsShown; i < bars.size(); ++i) rest.instructions += bars[i].instructions;
    bars.resize(kFunctionsShown);
    bars.push_back(std::move(rest));
  }
  out << "<div class=bars>\n";
  const double longest = bars.empty() ? 1 : static_cast<double>(std::max<uint64_t>(1, bars.front().instructions));
  for (const auto& bar : bars) {
    const auto count = static_cast<double>(bar.instructions);
    out << "<code>" << escaped(bar.name) << "</code><div><i style=\"width:" << std::min(100.0, 100 * count / longest)
        << "%\"></i></div><span class=num>" << bar.instructions << "</span><span class=\"num share\">"
        << (total == 0 ? 0 : 100 * count / static_cast<double>(total)) << " %</span>\n";
  }
  out << "</div>\n";
}

std::vector<Bar> callbackBars(const Trace& trace) {
  std::map<std::string, uint64_t> sums;
  for (const auto& crossing : trace.crossings) {
    if (crossing.depth == 0) sums[crossing.name] += crossing.instructions;
  }
  std::vector<Bar> bars;
  for (const auto& [name, instructions] : sums) bars.push_back({name, instructions});
  return bars;
}

std::vector<Bar> functionBars(const Trace& trace) {
  std::vector<Bar> bars;
  for (const auto& function : trace.functions) bars.push_back({function.function, function.instructions});
  return bars;
}

// Whether a crossing makes the proxy call another service.
bool callsService(const Crossing& crossing) {
  return crossing.kind == Crossing::Kind::Hostcall && crossing.status == Status::Ok &&
         (crossing.name == "proxy_http_call" || crossing.name == "proxy_grpc_call" ||
          crossing.name == "proxy_grpc_stream" || crossing.name == "proxy_grpc_send");
}

// The arrow of what made the host call a callback: bytes of a peer, or the reply of a service. Null if it was nothing
// of them.
const char* causeOf(const Crossing& crossing) {
  const std::string_view name = crossing.name;
  if (crossing.kind != Crossing::Kind::Callback) return nullptr;
  if (name.starts_with("proxy_on_downstream_")) return "a right high";
  const bool isFromUpstream = name.starts_with("proxy_on_upstream_") || name.starts_with("proxy_on_grpc_") ||
                              name == "proxy_on_http_call_response";
  return isFromUpstream ? "b left wide high" : nullptr;
}

// The rows of the sequence.
class Rows {
 public:
  Rows(std::ostream& out, const Trace& trace) : out_(out), trace_(trace) {}

  void write() {
    auto event = trace_.events.begin();
    const size_t count = std::min(trace_.crossings.size(), kRowsShown);
    for (size_t i = 0; i <= count; ++i) {
      for (; event != trace_.events.end() && event->at <= i; ++event) {
        returnTo(0);
        writeEvent(*event);
      }
      if (i == count) break;
      returnTo(trace_.crossings[i].depth);
      writeCrossing(i);
    }
    returnTo(0);
  }

 private:
  // Closes the crossings that are deeper than, or as deep as, `depth`. One into the guest that others are within gets a
  // line for its return.
  void returnTo(uint32_t depth) {
    while (open_.size() > depth) {
      const Crossing& crossing = trace_.crossings[open_.back().index];
      const bool hasInner = open_.back().hasInner;
      open_.pop_back();
      if (!hasInner || !crossing.intoGuest()) continue;
      beginRow("return", nameOf(crossing.kind));
      out_ << "<b class=\"b left back\"></b>";
      activation(activeBars(), false, true);
      endLanes(open_.size());
      out_ << "<span class=" << (crossing.returned ? nameOf(crossing.kind) : "trap") << '>'
           << (crossing.returned ? "return" : "trap") << " from " << escaped(crossing.name) << "</span></div>"
           << "<span class=num></span><span class=\"num copied\"></span></div>\n";
    }
  }

  void writeEvent(const TraceEvent& event) {
    if (event.kind == TraceEvent::Kind::Begins || event.kind == TraceEvent::Kind::Ends) {
      out_ << "<h3 class=part>";
      if (event.exchange) out_ << *event.exchange + 1 << ". ";
      out_ << escaped(event.text) << "</h3>\n";
      return;
    }
    static const std::map<TraceEvent::Kind, std::pair<const char*, const char*>> kTexts = {
        {TraceEvent::Kind::ToProxy, {"a right", "client sends "}},
        {TraceEvent::Kind::ToClient, {"a left", "client receives "}},
        {TraceEvent::Kind::ToUpstream, {"b right wide", "upstream receives "}},
        {TraceEvent::Kind::FromUpstream, {"b left wide", "upstream answers "}},
    };
    const auto& [arrow, text] = kTexts.at(event.kind);
    beginRow("event", "event");
    out_ << "<b class=\"" << arrow << "\"></b>";
    endLanes(0);
    out_ << "<span class=event>" << text << escaped(event.text) << "</span></div>"
         << "<span class=num></span><span class=\"num copied\"></span></div>\n";
  }

  void writeCrossing(size_t index) {
    const Crossing& crossing = trace_.crossings[index];
    if (!open_.empty()) open_.back().hasInner = true;
    const bool into = crossing.intoGuest();
    beginRow(nameOf(crossing.kind), nameOf(crossing.kind));
    out_ << "<b class=\"b " << (into ? "right" : "left") << "\"></b>";
    activation(activeBars(), into, false);
    if (const char* arrow = causeOf(crossing)) out_ << "<b class=\"" << arrow << "\"></b>";
    if (callsService(crossing)) out_ << "<b class=\"b right wide low\"></b>";
    endLanes(crossing.depth);
    writeText(crossing);
    out_ << "</div><span class=num>" << (into ? "" : "+")
         << (into ? crossing.instructions : crossing.instructionsBefore) << "</span><span class=\"num copied\">";
    if (crossing.bytesCopied > 0) out_ << crossing.bytesCopied;
    out_ << "</span></div>\n";
    open_.push_back({index, false});
  }

  void writeText(const Crossing& crossing) {
    const std::string text = describe(crossing, kShownInRow);
    out_ << "<details><summary class=" << (crossing.returned ? nameOf(crossing.kind) : "trap") << '>'
         << escaped(crossing.name) << "<span>" << escaped(std::string_view(text).substr(crossing.name.size()))
         << "</span></summary><dl>";
    const auto entry = [&](std::string_view name, const std::string& value) {
      out_ << "<dt>" << escaped(name) << "</dt><dd>" << escaped(value) << "</dd>";
    };
    entry("plugin", crossing.plugin.empty() ? "(no name)" : crossing.plugin);
    entry("context", std::to_string(crossing.context) + " (root context " + std::to_string(crossing.root) + ")");
    if (crossing.stream) entry("stream", std::to_string(*crossing.stream));
    for (const auto& value : crossing.arguments) {
      entry(value.name.empty() ? "argument" : value.name, describe(value, kShownInDetails));
    }
    if (crossing.status) entry("status", std::string(toString(*crossing.status)));
    for (const auto& value : crossing.results) {
      entry(value.name.empty() ? "result" : "result " + value.name, describe(value, kShownInDetails));
    }
    entry("instructions", std::to_string(crossing.instructions) + " in it, " +
                              std::to_string(crossing.instructionsBefore) + " since the crossing before it");
    entry("bytes copied", std::to_string(crossing.bytesCopied));
    out_ << "</dl></details>";
  }

  // Begins a row and its part of the drawing; `colour` is the class of the arrow.
  void beginRow(const char* kind, const char* colour) {
    out_ << "<div class=row data-kind=" << kind << "><div class=\"lanes " << colour << "\">";
  }
  void endLanes(size_t depth) {
    out_ << "</div><div class=call";
    if (depth > 0) out_ << " style=\"padding-left:" << std::min<size_t>(depth, 12) << "rem\"";
    out_ << '>';
  }

  // How many calls into the guest are open.
  [[nodiscard]] size_t activeBars() const {
    return static_cast<size_t>(std::count_if(
        open_.begin(), open_.end(), [&](const Open& open) { return trace_.crossings[open.index].intoGuest(); }));
  }

  // Draws that the guest runs: a bar for each call into it. The last begins or ends in this row.
  void activation(size_t bars, bool begins, bool ends) {
    const size_t all = bars + (begins || ends ? 1 : 0);
    for (size_t i = 0; i < all; ++i) {
      const bool isLast = i + 1 == all;
      out_ << "<u style=\"left:calc(62.5% + " << 5 * std::min<size_t>(i, 6) << "px)\""
           << (isLast && begins ? " class=from"
               : isLast && ends ? " class=to"
                                : "")
           << "></u>";
    }
  }

  struct Open {
    size_t index;
    bool hasInner;
  };
  std::ostream& out_;
  const Trace& trace_;
  std::vector<Open> open_;
};

}  // namespace

std::string traceAsHtml(const scenario::Scenario& scenario, const Trace& trace) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(1);
  const std::string title = "Trace of " + scenario.file;
  out << "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
      << "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<title>" << escaped(title)
      << "</title>\n<style>\n"
      << kTraceStyle << "</style>\n</head>\n<body>\n<h1>" << escaped(title) << "</h1>\n<p>" << escaped(totalOf(trace))
      << "</p>\n";
  if (!trace.functions.empty()) {
    out << "<h2>Where the instructions go, by function</h2>\n<p>Without those of the functions that it calls.</p>\n";
    writeBars(out, functionBars(trace));
  }
  out << "<h2>By callback</h2>\n<p>With the functions that it calls.</p>\n";
  writeBars(out, callbackBars(trace));
  out << "<h2>Crossings</h2>\n<p>Instructions: all of a call into the guest; with +, those of the guest just before "
         "its "
         "call of the host. A click on a line shows it whole.</p>\n"
      << "<div class=tools><input type=search id=search placeholder=\"Show lines with …\" aria-label=\"Show lines "
         "with\">"
      << "<label><input type=checkbox id=allocations checked> allocations</label><span id=shown></span></div>\n"
      << "<div class=\"row head\"><div class=lanes><span>client</span><span>proxy</span><span>guest</span>"
      << "<span>upstream</span></div><div>call</div><span class=num>instr.</span>"
      << "<span class=\"num copied\">bytes</span></div>\n<div id=rows>\n";
  Rows(out, trace).write();
  out << "</div>\n";
  const uint64_t missing = trace.dropped + trace.crossings.size() - std::min(trace.crossings.size(), kRowsShown);
  if (missing > 0) out << "<p>" << missing << " more crossings are not shown.</p>\n";
  out << "<script>\n" << kTraceScript << "</script>\n</body>\n</html>\n";
  return out.str();
}

}  // namespace sluice::cli
