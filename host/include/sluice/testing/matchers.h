// Matchers for headers, bodies, logs and local responses.
#pragma once

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <type_traits>
#include <vector>

#include "sluice/host/host.h"
#include "sluice/host/message.h"

namespace sluice {
/// How GoogleTest shows the ABI's enumerations in a failure: by the enumerator's name.
template <class Enum>
  requires std::is_enum_v<Enum> && requires(Enum value) { toString(value); }
void PrintTo(const Enum& value, std::ostream* out) {
  *out << toString(value);
}
}  // namespace sluice

namespace sluice::host {
/// How GoogleTest shows these in a failure.
/// @{
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

/// A value to equal, or a matcher such as HasSubstr("…").
using StringMatcher = ::testing::Matcher<const std::string&>;

/// Headers with a header `name` of which one value matches.
::testing::Matcher<const host::Headers&> HasHeader(std::string name, StringMatcher value = ::testing::_);
/// Headers whose values of `name` are exactly these, in order.
::testing::Matcher<const host::Headers&> HasHeaderValues(std::string name, std::vector<std::string> values);
/// Headers without a header `name`.
::testing::Matcher<const host::Headers&> HasNoHeader(std::string name);
/// A message (or the received one) whose whole body matches.
::testing::Matcher<const host::Message&> HasBody(StringMatcher body);
/// A message with this ":status".
::testing::Matcher<const host::Message&> HasStatus(int status);
/// An exchange in which a filter answered by itself with this status, and a body that matches.
::testing::Matcher<const host::Exchange&> IsLocalResponse(int status, StringMatcher body = ::testing::_);
/// A log line of this level whose text matches.
::testing::Matcher<const host::LogLine&> LogLine(LogLevel level, StringMatcher text = ::testing::_);

}  // namespace sluice::testing
