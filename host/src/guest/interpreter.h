// wabt's interpreter behind a plain interface that counts and limits instructions.
//
// GCC rejects wabt 1.0.32's headers as C++20, so interpreter.cc and module_check.cc are compiled as C++17, and this
// header is valid in both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "abi/value_kind.h"
#include "sluice/host/plugin_options.h"

namespace sluice::host::interpreter {

struct Import {
  std::string module;
  std::string name;
  std::string kind;  ///< "func", "memory", "table", "global" or "tag".
  Signature signature;
};

struct Export {
  std::string name;
  bool isFunction;
  Signature signature;
  uint32_t index;
};

/// A validated module.
struct Code {
  std::vector<Import> imports;
  std::vector<Export> exports;
  std::vector<uint32_t> starts;            ///< Start functions.
  std::vector<std::string> functionNames;  ///< By function index; "" when the name section has none.
  uint32_t importedFunctions = 0;          ///< They have the first indexes.
  uint64_t initialPages = 0;
  uint64_t initialTableElements = 0;  ///< Of all tables.
  bool memory64 = false;

  struct Description;
  std::shared_ptr<const Description> description;
};

/// Reads a module. On failure, returns null, and `error` says why and where.
std::shared_ptr<const Code> read(std::string_view name, std::string_view bytes, std::string* error);

/// A host function. Returning false makes the guest trap.
using HostFunction = std::function<bool(const uint64_t* arguments, size_t count, uint64_t* result)>;

enum class Outcome { Returned, Trapped, OutOfSteps, OutOfStack, HostFailed };

/// An instance of a module and the interpreter thread that runs it.
class Machine {
 public:
  /// `functions` has one entry for each function import, in order. Memory, tables and the stack cannot grow beyond
  /// `limits`. When the module cannot be instantiated, `error` says why.
  Machine(std::shared_ptr<const Code> code, std::vector<HostFunction> functions, const Limits& limits,
          std::string* error);
  ~Machine();

  /// Runs a function to its end. A host function may call it again. `message` gets the reason of a trap.
  Outcome run(uint32_t function, const uint64_t* arguments, size_t count, uint64_t* result, std::string* message);
  /// The indexes of the functions on the stack, innermost first. A failed run leaves them on the stack.
  [[nodiscard]] std::vector<uint32_t> stack() const;
  /// Clears the stack of a failed run.
  void clearStack();

  [[nodiscard]] const Signature& signature(uint32_t function) const;
  char* memoryAt(uint64_t address, uint64_t size);
  [[nodiscard]] uint32_t pages() const;
  /// The number of instructions executed so far.
  [[nodiscard]] uint64_t steps() const;
  /// Lets runs take `count` more steps before they end with OutOfSteps: an instruction is one, and one that moves or
  /// clears memory or table elements is more: see Limits::instructions.
  void allowSteps(uint64_t count);
  /// Counts work of the host as steps.
  void charge(uint64_t steps);
  /// The number of bytes that memory.copy, memory.fill and memory.init have moved or set so far.
  [[nodiscard]] uint64_t bulkBytes() const;
  /// Counts the instructions of each function, without those of the functions that it calls, from now on. The counts
  /// are by function index.
  std::shared_ptr<const std::vector<uint64_t>> countByFunction();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::host::interpreter
