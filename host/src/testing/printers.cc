#include <chrono>
#include <ostream>
#include <string>
#include <string_view>

#include "sluice/testing/matchers.h"

namespace sluice::host {
namespace {

constexpr size_t kMaxShown = 512;

/// Text for a failure message: unprintable bytes are written as \xNN, and long texts are cut.
std::string shown(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string result = "\"";
  for (char c : text.substr(0, kMaxShown)) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (byte < ' ' || byte > '~') {
      result += "\\x";
      result += kDigits[byte >> 4];
      result += kDigits[byte & 15];
    } else {
      result += c;
    }
  }
  result += "\"";
  if (text.size() > kMaxShown) result += "... (" + std::to_string(text.size()) + " bytes)";
  return result;
}

void showHeaders(const Headers& headers, const char* indent, std::ostream* out) {
  for (const auto& [name, value] : headers) *out << "\n" << indent << name << ": " << shown(value);
  if (headers.empty()) *out << "\n" << indent << "(none)";
}

}  // namespace

void PrintTo(const Counts& counts, std::ostream* out) {
  *out << counts.calls << " calls, " << counts.instructions << " instructions, " << counts.crossings << " crossings, "
       << counts.bytesCopied << " bytes copied, " << counts.pages << " pages";
  if (counts.bulkBytes > 0) *out << ", " << counts.bulkBytes << " bytes in bulk";
}

void PrintTo(const LogLine& line, std::ostream* out) { *out << "\n  " << toString(line.level) << ": " << line.text; }

void PrintTo(const Metric& metric, std::ostream* out) {
  *out << toString(metric.type);
  if (metric.type == MetricType::Histogram) {
    *out << " with the samples " << ::testing::PrintToString(metric.samples);
  } else {
    *out << " " << metric.value;
  }
}

void PrintTo(const Message& message, std::ostream* out) {
  showHeaders(message.headers, "  ", out);
  *out << "\n  body: " << shown(message.body());
  if (!message.trailers.empty()) {
    *out << "\n  trailers:";
    showHeaders(message.trailers, "    ", out);
  }
}

void PrintTo(const Received& message, std::ostream* out) {
  const auto showProblems = [&] {
    for (const auto& problem : message.problems) *out << "\n  ! " << problem;
  };
  if (!message.started) {
    *out << "nothing" << (message.reset ? " (the stream was reset)" : "");
    if (!message.waiting.empty()) *out << " (" << message.waiting << ")";
    return showProblems();
  }
  PrintTo(static_cast<const Message&>(message), out);
  for (const auto& metadata : message.metadata) {
    *out << "\n  metadata:";
    showHeaders(metadata, "    ", out);
  }
  if (message.arrivals > 1) *out << "\n  (the headers arrived " << message.arrivals << " times)";
  if (message.reset) {
    *out << "\n  (the stream was reset)";
  } else if (!message.complete) {
    *out << "\n  (the end of the message has not arrived" << (message.waiting.empty() ? "" : ": ") << message.waiting
         << ")";
  }
  showProblems();
}

void PrintTo(const TcpReceived& data, std::ostream* out) {
  *out << shown(data.data()) << (data.ended ? ", ended" : ", not ended");
}

void PrintTo(const Exchange& exchange, std::ostream* out) {
  *out << "\nthe upstream received: ";
  PrintTo(exchange.request, out);
  *out << "\nthe client received" << (exchange.localResponse ? " (a local response)" : "") << ": ";
  PrintTo(exchange.response, out);
  *out << "\ndetails: " << exchange.details;
}

void PrintTo(const Callout& callout, std::ostream* out) {
  *out << "\n  to " << callout.cluster << ", timeout " << callout.timeout.count() << " ms:";
  PrintTo(callout.request, out);
}

void PrintTo(const GrpcCall& call, std::ostream* out) {
  *out << "\n  " << (call.stream ? "stream" : "call") << " of " << call.service << "/" << call.method << " to "
       << call.cluster;
  showHeaders(call.metadata, "    ", out);
  if (!call.stream) {
    *out << "\n    message: " << shown(call.message) << "\n    timeout: " << call.timeout.count() << " ms";
  }
}

void PrintTo(const Error& error, std::ostream* out) { *out << toString(error.kind()) << ": " << error.what(); }

}  // namespace sluice::host
