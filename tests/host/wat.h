// Assembles WebAssembly text at run time, for guests that are small enough to write in a test.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sluice::host::test {

/// Assembles a module in WebAssembly text to its binary form. Throws std::runtime_error with the parser's message.
std::string assemble(std::string_view wat);

/// A guest for a test: a module with `body`, memory, an allocator (a bump pointer from byte 16384 on), ABI version
/// 0.2.1, and the imports that most guests need, named without "proxy_": $log, $get_value, $add_value …
std::string guest(std::string_view body);

/// A guest that exports every callback and logs each call as its name and its parameters without the context id:
/// "request_headers 4 0". `bodies` holds the code of callbacks by name without "proxy_on_"; the code must leave the
/// callback's result and may use the locals $a and $b. The other callbacks let everything pass. `more` is added to the
/// module unchanged.
std::string tracer(const std::map<std::string, std::string>& bodies = {}, std::string_view more = {});

}  // namespace sluice::host::test
