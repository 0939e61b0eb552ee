// WebAssembly text to modules, at run time, for guests small enough to stand in a test.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sluice::host::test {

/// The binary form of a module in WebAssembly text. Throws std::runtime_error with the parser's message.
std::string assemble(std::string_view wat);

/// A guest for a test: `body` inside a module that has memory, an allocator (a bump pointer from byte 16384 on), the
/// ABI version 0.2.1 and the imports most guests need under their names without "proxy_": $log, $get_value, $add_value
/// …
std::string guest(std::string_view body);

/// A guest that exports every callback and logs each call as its name and its parameters (without the context id):
/// "request_headers 4 0". `bodies` has what a callback does besides, by its name without "proxy_on_"; it leaves the
/// callback's answer, and may use the locals $a and $b. Otherwise a callback lets everything pass. `more` is added as
/// it is.
std::string tracer(const std::map<std::string, std::string>& bodies = {}, std::string_view more = {});

}  // namespace sluice::host::test
