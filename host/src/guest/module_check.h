// What a module may ask of the host before any of its code runs. wabt allocates as much as a module's counts say, even
// when the module is far too short for them, so they are checked before wabt reads the module.
//
// Valid as C++17: see interpreter.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::host::interpreter {

struct ModuleCheck {
  /// Why the module cannot be read, or nothing.
  std::optional<std::string> broken;
  /// What the module asks for that engines refuse, with the function's index, or nothing.
  struct Excess {
    uint32_t function;
    std::string what;
  };
  std::optional<Excess> excess;
  bool tailCalls = false;  ///< The module has return_call.
};

/// Reads all counts in a module without allocating what they ask for.
ModuleCheck checkModule(std::string_view bytes);

}  // namespace sluice::host::interpreter
