// The interface to the engines that run guests: a WebAssembly interpreter, and native code compiled for the build
// machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "abi/guest_memory.h"
#include "abi/value_kind.h"
#include "sluice/host/crossing.h"
#include "sluice/host/error.h"
#include "sluice/host/plugin_options.h"

namespace sluice::host {

/// The host's functions that a guest can call, by the ids that `find` returned when the guest was linked.
class Imports {
 public:
  virtual ~Imports() = default;
  struct Function {
    uint32_t id;
    Signature signature;
  };
  /// The host function for an import. Throws an Error that names the import and says why hosts do not provide it.
  virtual Function find(std::string_view module, std::string_view name) = 0;
  /// Performs a call. Throws an Error to make the guest trap. The result of a function without one is ignored.
  virtual uint64_t call(uint32_t id, std::span<const uint64_t> arguments) = 0;
  /// The value of an environment variable of the VM, or null.
  virtual const char* environment(std::string_view name) = 0;
};

/// An instance of a module, which a VM runs.
class Guest {
 public:
  virtual ~Guest() = default;
  /// Runs the code that comes before any function: the start function, or the global constructors of a native build.
  virtual void start() = 0;
  /// The number of the exported function `name`, or nothing. Throws an Error when its signature differs from
  /// `expected`.
  virtual std::optional<uint32_t> find(std::string_view name, const Signature& expected) = 0;
  /// The number of the exported function `name` with any signature, or nothing.
  virtual std::optional<uint32_t> find(std::string_view name) = 0;
  /// Calls an exported function. Throws an Error when the guest traps.
  virtual uint64_t call(uint32_t function, std::span<const uint64_t> arguments) = 0;
  virtual GuestMemory& memory() = 0;
  /// The number of instructions executed so far.
  [[nodiscard]] virtual uint64_t instructions() const = 0;
  /// Lets the guest take `count` more steps; with one more it is stopped with ErrorKind::OutOfSteps. An instruction is
  /// a step, and so are 64 bytes or a table element that an instruction moves or clears.
  virtual void allowSteps(uint64_t count) = 0;
  /// Counts work that the host did for the guest as steps.
  virtual void charge(uint64_t steps) = 0;
  [[nodiscard]] virtual uint32_t pages() const = 0;
  /// The number of bytes that memory.copy, memory.fill and memory.init have moved or set so far.
  [[nodiscard]] virtual uint64_t bulkBytes() const { return 0; }
  /// Counts the instructions of each function from now on. The result reports them, also once the guest is gone. A
  /// native guest reports none.
  virtual std::function<std::vector<FunctionInstructions>()> countByFunction() {
    return [] { return std::vector<FunctionInstructions>(); };
  }
};

/// A loaded module, from which guests are made.
class Module {
 public:
  virtual ~Module() = default;
  /// The ABI version: 10, 20 or 21.
  [[nodiscard]] virtual int abiVersion() const = 0;
  /// Makes an instance whose calls go to `imports`, which must outlive it.
  virtual std::unique_ptr<Guest> instantiate(Imports& imports, const Limits& limits) = 0;
  /// The module's identity: plugins whose modules have equal keys may share VMs.
  [[nodiscard]] virtual const std::string& key() const = 0;
};

/// Loads a WebAssembly module. Messages call it `name`.
std::shared_ptr<Module> loadWasm(std::string bytes, std::string name);
/// Loads the shared library of a filter's native build.
std::shared_ptr<Module> loadNative(const std::filesystem::path& path);
/// Loads a native library if the file's name ends in .so, else a WebAssembly module.
std::shared_ptr<Module> loadModuleFile(const std::filesystem::path& path);

}  // namespace sluice::host
