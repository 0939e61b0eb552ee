// The errors that the host throws, and that it records when a filter traps.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace sluice::host {

/// Why the host could not load a module, or why a guest stopped.
enum class ErrorKind {
  File,             ///< The file does not exist or cannot be read.
  Module,           ///< The file is not a WebAssembly module, is truncated, or is invalid.
  NotProxyWasm,     ///< The module has no proxy_abi_version_* export, or one of an unknown version.
  MissingFunction,  ///< The module exports neither malloc nor proxy_on_memory_allocate.
  Import,           ///< The module imports a function that hosts do not provide, or with a different signature.
  Export,           ///< The module exports a callback whose signature differs from the ABI's.
  Trap,             ///< The guest trapped (unreachable, out-of-bounds access, division by zero, exit …).
  OutOfSteps,       ///< The guest exceeded Limits::instructions or Limits::callbacks.
  OutOfMemory,      ///< The guest exceeded Limits::hostBytes, or asks for too many pages or table elements at start.
  Restricted,       ///< The guest made a hostcall that hosts forbid during memory allocation or initialisation.
  Unsupported,      ///< The guest asked for something that Envoy has and the mock host lacks.
  EnvoyCrash,       ///< The guest did something that makes a real Envoy crash (Profile::namesCrashes).
  Usage,            ///< The test or tool called the host in a way that makes no sense.
};

/// The kind's name as it appears in messages: "trap", "unknown import" …
std::string_view toString(ErrorKind kind);

/// An error. Its message says what is wrong, where, and how to fix it. The message of a trap ends with the guest's
/// stack, one function per line, innermost first.
class Error : public std::runtime_error {
 public:
  /// Makes an error of this kind with this message.
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  /// The kind of error.
  [[nodiscard]] ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace sluice::host
