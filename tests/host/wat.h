// WebAssembly text to modules, at run time, for guests small enough to stand in a test.
#pragma once

#include <string>
#include <string_view>

namespace sluice::host::test {

/// The binary form of a module in WebAssembly text. Throws std::runtime_error with the parser's message.
std::string assemble(std::string_view wat);

/// A guest for a test: `body` inside a module that has memory, an allocator (a bump pointer from byte 4096 on), the ABI
/// version 0.2.1 and the imports most guests need under their names without "proxy_": $log, $get_value, $add_value …
std::string guest(std::string_view body);

}  // namespace sluice::host::test
