#include "report/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iomanip>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "report/trace.h"
#include "scenario/level.h"
#include "sluice/host/text.h"

namespace sluice::cli {
namespace {

using host::Message;
using host::quote;
using scenario::Failure;

constexpr size_t kBodyShown = 300;

std::string pseudo(const Message& message, const char* name) {
  return host::headerValue(message.headers, name).value_or("-");
}

void printFields(std::ostream& out, const host::Headers& fields) {
  for (const auto& [name, value] : fields) {
    if (name.starts_with(':')) continue;
    const std::string text = quote(value);
    const bool plain = text.size() == value.size() + 2;  // Nothing had to be escaped.
    out << "      " << name << ": " << (plain ? value : text) << '\n';
  }
}

void printContent(std::ostream& out, const Message& message) {
  printFields(out, message.headers);
  const std::string body = message.body();
  if (!body.empty()) out << "      body " << quote(body, kBodyShown) << '\n';
  if (!message.trailers.empty()) {
    out << "      trailers\n";
    printFields(out, message.trailers);
  }
}

void printProblems(std::ostream& out, const host::Received& message) {
  for (const auto& problem : message.problems) out << "  ! " << problem << '\n';
}

void printRequest(std::ostream& out, const std::string& title, const Message& message) {
  out << "  " << title << '\n';
  out << "      " << pseudo(message, ":method") << ' ' << pseudo(message, ":path") << "  ("
      << pseudo(message, ":authority") << ")\n";
  printContent(out, message);
}

void printResponse(std::ostream& out, const char* title, const Message& message) {
  out << "  " << title << '\n';
  out << "      " << pseudo(message, ":status") << '\n';
  printContent(out, message);
}

void printCost(std::ostream& out, const char* title, const host::CountsByCallback& costs) {
  if (costs.empty()) return;
  host::Counts total;
  size_t width = 0;
  for (const auto& [callback, cost] : costs) {
    width = std::max(width, callback.size());
    total += cost;
  }
  out << "  " << title << ": " << total.instructions << " instructions, " << total.crossings << " crossings\n";
  for (const auto& [callback, cost] : costs) {
    out << "      " << std::left << std::setw(static_cast<int>(width)) << callback << std::right << std::setw(9)
        << cost.instructions << " instructions" << std::setw(5) << cost.crossings << " crossings";
    if (cost.calls > 1) out << "  (" << cost.calls << " calls)";
    out << '\n';
  }
}

void printReply(std::ostream& out, const host::CalloutReply& reply, bool verbose) {
  using Kind = host::CalloutReply::Kind;
  switch (reply.kind) {
    case Kind::ConnectionFailure:
    case Kind::ConnectionTermination:
      out << "  upstream breaks the connection off\n";
      break;
    case Kind::Never:
      out << "  upstream does not answer\n";
      break;
    case Kind::Reset:
    case Kind::Response:
      if (verbose) printResponse(out, "upstream answers", reply.response);
      break;
  }
}

void printGrpcCall(std::ostream& out, const scenario::GrpcServiceCall& received) {
  out << "  service " << received.call.cluster << " receives\n      " << received.call.fullMethod() << "  (gRPC"
      << (received.canceled ? ", cancelled)\n" : ")\n");
  printFields(out, received.call.metadata);
  for (const auto& message : received.messages) {
    out << "      message " << quote(message, kBodyShown) << '\n';
  }
}

// Whether a filter made any call before the first exchange.
bool calledEarly(const scenario::Outcome& outcome) {
  const auto early = [](const auto& call) { return !call.exchange; };
  return std::any_of(outcome.calls.begin(), outcome.calls.end(), early) ||
         std::any_of(outcome.grpcCalls.begin(), outcome.grpcCalls.end(), early);
}

void printCalls(std::ostream& out, const Report& report, std::optional<size_t> exchange) {
  for (const auto& call : report.outcome.calls) {
    if (call.exchange != exchange) continue;
    printRequest(out, "service " + call.cluster + (call.request.complete ? " receives" : " receives the beginning of"),
                 call.request);
  }
  for (const auto& call : report.outcome.grpcCalls) {
    if (call.exchange == exchange) printGrpcCall(out, call);
  }
}

// Prints the crossings that led to failures of an exchange, or of the start.
void printCrossings(std::ostream& out, const Report& report, std::optional<size_t> index) {
  constexpr size_t kShown = 10;
  if (report.trace == nullptr) return;
  if (!index && !report.outcome.refused) return;  // What holds for the whole run has no end that it led to.
  std::ostringstream lines;
  printLastCrossings(lines, *report.trace, index, kShown, "      ");
  if (!lines.str().empty()) out << "    the last calls before that\n" << lines.str();
}

void printFailures(std::ostream& out, const Report& report, std::optional<size_t> index) {
  bool any = false;
  for (const auto& failure : report.failures) {
    if (failure.exchange != index) continue;
    printFailure(out, report, failure);
    any = true;
  }
  if (any) printCrossings(out, report, index);
}

void printExchange(std::ostream& out, const Report& report, size_t index) {
  const auto& exchange = report.scenario.exchanges[index];
  const auto& outcome = report.outcome.exchanges[index];
  out << '\n' << index + 1 << ". " << exchange.name << '\n';
  printRequest(out, "client sends", exchange.request);
  printCalls(out, report, index);
  if (outcome.exchange.request.started) {
    printRequest(out, "upstream receives", outcome.exchange.request);
    printReply(out, exchange.upstreamReply, report.verbose);
  } else {
    out << "  upstream is not reached\n";
  }
  printProblems(out, outcome.exchange.request);
  if (outcome.exchange.response.complete) {
    printResponse(out, "client receives", outcome.exchange.response);
  } else {
    out << "  client receives no response" << (outcome.error.empty() ? "" : " (" + outcome.error + ")") << '\n';
  }
  printProblems(out, outcome.exchange.response);
  printCost(out, "cost", outcome.cost);
  printFailures(out, report, index);
}

void printTcpEnd(std::ostream& out, const std::string& title, const host::TcpReceived& received) {
  out << "  " << title << " receives " << quote(received.data(), kBodyShown)
      << (received.ended ? ", and the end\n" : "\n");
}

void printConnection(std::ostream& out, const Report& report, size_t index) {
  const auto& outcome = report.outcome.connections[index];
  out << '\n' << index + 1 << ". " << report.scenario.connections[index].name << '\n';
  for (const auto& step : report.scenario.connections[index].steps) {
    if (step.what != scenario::TcpStep::What::Sends) continue;
    out << (step.who == scenario::TcpStep::Who::Client ? "  client" : "  upstream") << " sends";
    for (const auto& piece : step.pieces) out << ' ' << quote(piece, kBodyShown);
    out << '\n';
  }
  printCalls(out, report, index);
  if (outcome.upstream) {
    printTcpEnd(out, "upstream", *outcome.upstream);
  } else {
    out << "  upstream is not reached\n";
  }
  printTcpEnd(out, "client", outcome.client);
  printFailures(out, report, index);
}

void printLog(std::ostream& out, const Report& report) {
  if (report.outcome.log.empty()) return;
  out << "\nfilter's log\n";
  for (const auto& line : report.outcome.log) {
    out << "  " << std::left << std::setw(9) << scenario::levelName(line.level) << std::right << line.text << '\n';
  }
}

void printMetrics(std::ostream& out, const Report& report) {
  if (report.outcome.metrics.empty()) return;
  out << "\nmetrics\n";
  for (const auto& [name, metric] : report.outcome.metrics)
    out << "  " << host::describeMetricName(name) << ": " << scenario::describe(metric) << '\n';
}

void printModules(std::ostream& out, const Report& report) {
  std::set<std::filesystem::path> printed;
  for (const auto& filter : report.scenario.filters) {
    if (!printed.insert(filter.file).second) continue;
    out << "module " << filter.file.filename().string() << ": " << std::filesystem::file_size(filter.file)
        << " bytes\n";
  }
}

// The width of the terminal that standard output is; a common one if it is none.
size_t terminalWidth() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 120;
}

bool isColoured() {
  static const bool coloured = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  return coloured;
}

std::string coloured(const char* code, const std::string& text) {
  return isColoured() ? "\x1b[" + std::string(code) + "m" + text + "\x1b[0m" : text;
}

bool startsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }

size_t columnsOf(const std::string& line) {
  return static_cast<size_t>(std::count_if(line.begin(), line.end(), startsCharacter));
}

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

size_t widest(const std::vector<std::string>& lines) {
  size_t columns = 0;
  for (const auto& line : lines) columns = std::max(columns, columnsOf(line));
  return columns;
}

// One below the other: lines that are too long for half the width, such as a stack trace's.
void printBelow(std::ostream& out, const char* title, const std::vector<std::string>& lines) {
  for (size_t i = 0; i < lines.size(); ++i) {
    out << "    " << std::left << std::setw(10) << (i == 0 ? title : "") << std::right << lines[i] << '\n';
  }
}

void printSideBySide(std::ostream& out, const std::string& expected, const std::string& got) {
  constexpr size_t kIndent = 4, kGap = 3;
  auto left = linesOf(expected), right = linesOf(got);
  if (kIndent + 2 * std::max(widest(left), widest(right)) + kGap > terminalWidth()) {
    printBelow(out, "expected", left);
    printBelow(out, "got", right);
    return;
  }
  left.insert(left.begin(), "expected");
  right.insert(right.begin(), "got");
  const size_t width = widest(left);
  for (size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    std::string line = i < left.size() ? left[i] : "";
    if (i < right.size() && !right[i].empty()) {
      line.append(width - columnsOf(line) + kGap, ' ');
      line += right[i];
    }
    out << std::string(kIndent, ' ') << line << '\n';
  }
}

}  // namespace

void printFailure(std::ostream& out, const Report& report, const Failure& failure) {
  out << "  " << coloured("31", "FAILED") << " at " << failure.end;
  if (failure.line > 0) out << " (" << report.scenario.file << ':' << failure.line << ')';
  out << '\n';
  printSideBySide(out, failure.expected, failure.got);
}

std::string verdict(Verdict value) {
  return value == Verdict::Met ? coloured("32", "ok    ") : coloured("31", "FAILED");
}

void printReport(std::ostream& out, const Report& report) {
  out << report.scenario.file << " on " << report.outcome.host << '\n';
  if (report.outcome.refused) out << "\nthe filter refuses its configuration\n";
  if (calledEarly(report.outcome)) {
    out << "\nbefore the first exchange\n";
    printCalls(out, report, std::nullopt);
  }
  for (size_t i = 0; i < report.outcome.exchanges.size(); ++i) printExchange(out, report, i);
  for (size_t i = 0; i < report.outcome.connections.size(); ++i) printConnection(out, report, i);
  printLog(out, report);
  printMetrics(out, report);
  if (!report.outcome.notes.empty()) out << '\n';
  for (const auto& note : report.outcome.notes) out << "note: " << note << '\n';
  if (report.verbose && !report.outcome.hostLog.empty()) out << "\nhost's log\n" << report.outcome.hostLog;
  out << '\n';
  printModules(out, report);
  printCost(out, "start and configuration", report.outcome.startCost);
  printFailures(out, report, std::nullopt);
  if (report.failures.empty()) {
    out << "all as expected\n";
  } else {
    out << report.failures.size() << (report.failures.size() == 1 ? " expectation" : " expectations") << " not met\n";
  }
}

}  // namespace sluice::cli
