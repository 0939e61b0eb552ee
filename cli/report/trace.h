// The record of a scenario's crossings, for people and for machines.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "scenario/scenario.h"
#include "scenario/trace.h"

namespace sluice::cli {

/// A crossing in one line, without its context: `proxy_get_header_map_value(map=HttpRequestHeaders, key="x-user") = Ok,
/// data="ann"`. Of each value, it shows the first `shown` bytes.
std::string describe(const host::Crossing& crossing, size_t shown = 80);

/// A value's text without its name: `"ann"`, `HttpRequestHeaders`, `5`, `{:path: "/", …}`.
std::string describe(const host::CrossingValue& value, size_t shown = 80);

/// The word for a kind of crossing, in JSON and as a class of the page: "callback", "hostcall" ….
const char* nameOf(host::Crossing::Kind kind);

/// What the guests did in total: "34 crossings, 4512 instructions, 129 bytes copied".
std::string totalOf(const scenario::Trace& trace);

/// The functions that executed the most instructions, the first most; at most `count`.
std::vector<host::FunctionInstructions> hottest(const scenario::Trace& trace, size_t count);

/// Prints a line for each crossing and each event, then the functions by instructions.
void printTrace(std::ostream& out, const scenario::Scenario& scenario, const scenario::Trace& trace);

/// Prints the last `count` crossings of an exchange before its response, or of a connection (counted from 0; nothing:
/// of what came before the first), one a line behind `indent`: what led to a failed expectation. Prints nothing if
/// there are none.
void printLastCrossings(std::ostream& out, const scenario::Trace& trace, std::optional<size_t> exchange, size_t count,
                        const std::string& indent);

/// The whole trace as JSON.
nlohmann::ordered_json asJson(const scenario::Scenario& scenario, const scenario::Trace& trace);

}  // namespace sluice::cli
