// What the host throws, and what it records when a filter traps.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace sluice::host {

/// Why a module could not be loaded, or why a guest stopped.
enum class ErrorKind {
  File,             ///< The file is not there or cannot be read.
  Module,           ///< Not a WebAssembly module, truncated, or invalid.
  NotProxyWasm,     ///< No proxy_abi_version_* export, or one that no host knows.
  MissingFunction,  ///< Neither malloc nor proxy_on_memory_allocate is exported.
  Import,           ///< An import that hosts do not provide, or with a different signature.
  Export,           ///< A callback exported with a signature other than the ABI's.
  Trap,             ///< The guest trapped (unreachable, out-of-bounds access, division by zero, exit …).
  OutOfSteps,       ///< A callback ran more instructions than Limits::instructions.
  OutOfMemory,      ///< The module needs more memory at start than Limits::memoryPages.
  Restricted,       ///< A hostcall while the guest allocated memory or initialised: hosts forbid that.
  Usage,            ///< The test or tool used the host in a way that makes no sense.
};

/// The kind's name as written in messages: "trap", "unknown import" …
std::string_view toString(ErrorKind kind);

/// An error with a message that names the thing, the place and the fix. A trap's message ends with the guest's stack,
/// one function a line, innermost first.
class Error : public std::runtime_error {
 public:
  /// An error of this kind with this message.
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  /// What sort of error it is.
  [[nodiscard]] ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace sluice::host
