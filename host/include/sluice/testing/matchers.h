// Matchers for headers, bodies, logs and local responses.
#pragma once

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <type_traits>
#include <vector>

#include "sluice/host/counts.h"
#include "sluice/host/host.h"
#include "sluice/host/message.h"
#include "sluice/host/metric.h"

namespace sluice {
/// Shows a value of an ABI enumeration in a GoogleTest failure by the enumerator's name.
template <class Enum>
  requires std::is_enum_v<Enum> && requires(Enum value) { toString(value); }
void PrintTo(const Enum& value, std::ostream* out) {
  *out << toString(value);
}
}  // namespace sluice

namespace sluice::host {
/// Shows the mock host's types in a GoogleTest failure.
/// @{
void PrintTo(const Counts& counts, std::ostream* out);
void PrintTo(const LogLine& line, std::ostream* out);
void PrintTo(const Metric& metric, std::ostream* out);
void PrintTo(const Message& message, std::ostream* out);
void PrintTo(const Received& message, std::ostream* out);
void PrintTo(const TcpReceived& data, std::ostream* out);
void PrintTo(const Exchange& exchange, std::ostream* out);
void PrintTo(const Callout& callout, std::ostream* out);
void PrintTo(const GrpcCall& call, std::ostream* out);
void PrintTo(const Error& error, std::ostream* out);
/// @}
}  // namespace sluice::host

namespace sluice::testing {

/// A string that the value must equal, or a matcher such as HasSubstr("…").
using StringMatcher = ::testing::Matcher<const std::string&>;

/// Matches headers with a header `name` that has at least one matching value.
::testing::Matcher<const host::Headers&> HasHeader(std::string name, StringMatcher value = ::testing::_);
/// Matches headers whose values of `name` are exactly `values`, in order.
::testing::Matcher<const host::Headers&> HasHeaderValues(std::string name, std::vector<std::string> values);
/// Matches headers without a header `name`.
::testing::Matcher<const host::Headers&> HasNoHeader(std::string name);
/// Matches a message (a Message or Received) whose whole body matches.
::testing::Matcher<const host::Message&> HasBody(StringMatcher body);
/// Matches a message with this ":status".
::testing::Matcher<const host::Message&> HasStatus(int status);
/// Matches an exchange in which a filter or the proxy sent a local response with this status and a matching body.
::testing::Matcher<const host::Exchange&> IsLocalResponse(int status, StringMatcher body = ::testing::_);
/// Matches the metrics of a host (Host::metrics()) when the counter or gauge with this name, and these tags, has a
/// matching value; see host::findMetric().
/// @{
::testing::Matcher<const host::MetricMap&> HasMetric(std::string name, ::testing::Matcher<uint64_t> value);
::testing::Matcher<const host::MetricMap&> HasMetric(std::string name, host::Tags tags,
                                                     ::testing::Matcher<uint64_t> value);
/// @}
/// Matches a log line of this level whose text matches.
::testing::Matcher<const host::LogLine&> LogLine(LogLevel level, StringMatcher text = ::testing::_);

}  // namespace sluice::testing
