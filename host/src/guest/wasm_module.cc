// WebAssembly modules: reading, checking, instantiating.
#include <exception>
#include <utility>

#include "abi/abi32.h"
#include "guest/engine.h"
#include "guest/interpreter.h"
#include "sluice/host/text.h"

namespace sluice::host {
namespace {

using interpreter::Code;
using interpreter::Machine;
using interpreter::Outcome;

constexpr size_t kMaxTraceLines = 40;

/// The data that guests of one module share.
struct Plan {
  std::string name;
  std::shared_ptr<const Code> code;
  int abiVersion = 0;

  /// The import that the function is, or null when the module defines it.
  [[nodiscard]] const interpreter::Import* importOf(uint32_t index) const {
    uint32_t imported = 0;
    for (const auto& import : code->imports) {
      if (import.kind == "func" && imported++ == index) return &import;
    }
    return nullptr;
  }

  /// The function's name for messages: from the name section, else its import or export name, else "func[N]".
  [[nodiscard]] std::string functionName(uint32_t index) const {
    if (index < code->functionNames.size() && !code->functionNames[index].empty()) {
      return demangled(code->functionNames[index]);
    }
    if (const interpreter::Import* import = importOf(index)) return import->name;
    for (const auto& exported : code->exports) {
      if (exported.isFunction && exported.index == index) return exported.name;
    }
    return "func[" + std::to_string(index) + "]";
  }
};

class WasmMemory final : public GuestMemory {
 public:
  explicit WasmMemory(Machine& machine) : machine_(machine) {}
  char* at(uint64_t address, uint64_t size) override { return machine_.memoryAt(address, size); }
  [[nodiscard]] size_t wordSize() const override { return 4; }

 private:
  Machine& machine_;
};

class WasmGuest final : public Guest {
 public:
  WasmGuest(std::shared_ptr<const Plan> plan, Imports& imports, const Limits& limits)
      : plan_(std::move(plan)), imports_(imports), limits_(limits) {
    checkMemory();
    checkTables();
    std::string error;
    machine_ = std::make_unique<Machine>(plan_->code, link(), limits, &error);
    memory_ = std::make_unique<WasmMemory>(*machine_);
    if (!error.empty()) {
      throw Error(ErrorKind::Module, plan_->name + ": the module cannot be instantiated: " + error + ".");
    }
  }

  void start() override {
    for (uint32_t function : plan_->code->starts) call(function, {});
  }

  std::optional<uint32_t> find(std::string_view name, const Signature& expected) override {
    const interpreter::Export* found = exported(name);
    if (found == nullptr) return std::nullopt;
    if (!(found->signature == expected)) {
      throw Error(ErrorKind::Export, plan_->name + ": the module exports " + std::string(name) + " as " +
                                         toString(found->signature) + "; in ABI " +
                                         std::string(abiVersionName(plan_->abiVersion)) + " it is " +
                                         toString(expected) + ". Mend the function's parameters.");
    }
    checkDefined(found->index, name);
    return found->index;
  }

  std::optional<uint32_t> find(std::string_view name) override {
    const interpreter::Export* found = exported(name);
    return found == nullptr ? std::nullopt : std::optional(found->index);
  }

  uint64_t call(uint32_t function, std::span<const uint64_t> arguments) override {
    if (size_t expected = machine_->signature(function).params.size(); expected != arguments.size()) {
      throw Error(ErrorKind::Usage, plan_->functionName(function) + " takes " + std::to_string(expected) +
                                        " parameters, not " + std::to_string(arguments.size()) + ".");
    }
    if (function < plan_->code->importedFunctions) checkDefined(function, plan_->functionName(function));
    uint64_t result = 0;
    std::string message;
    ++depth_;
    Outcome outcome = machine_->run(function, arguments.data(), arguments.size(), &result, &message);
    --depth_;
    if (outcome != Outcome::Returned) fail(outcome, message);
    return result;
  }

  GuestMemory& memory() override { return *memory_; }
  [[nodiscard]] uint64_t instructions() const override { return machine_->steps(); }
  void allowSteps(uint64_t count) override { machine_->allowSteps(count); }
  void charge(uint64_t steps) override { machine_->charge(steps); }
  [[nodiscard]] uint32_t pages() const override { return machine_->pages(); }
  [[nodiscard]] uint64_t bulkBytes() const override { return machine_->bulkBytes(); }
  std::function<std::vector<FunctionInstructions>()> countByFunction() override {
    return [plan = plan_, counts = machine_->countByFunction()] {
      std::vector<FunctionInstructions> functions;
      for (uint32_t i = 0; i < counts->size(); ++i) {
        if ((*counts)[i] > 0) functions.push_back({plan->name, plan->functionName(i), (*counts)[i]});
      }
      return functions;
    };
  }

 private:
  [[nodiscard]] const interpreter::Export* exported(std::string_view name) const {
    for (const auto& candidate : plan_->code->exports) {
      if (candidate.isFunction && candidate.name == name) return &candidate;
    }
    return nullptr;
  }

  void checkMemory() const {
    if (plan_->code->memory64) {
      throw Error(ErrorKind::Module, plan_->name +
                                         ": the module has 64-bit memory; proxies run 32-bit WebAssembly. "
                                         "Build it for wasm32.");
    }
    if (plan_->code->initialPages > limits_.memoryPages) {
      throw Error(ErrorKind::OutOfMemory,
                  plan_->name + ": the module asks for " + std::to_string(plan_->code->initialPages) +
                      " pages of memory at start; the limit is " + std::to_string(limits_.memoryPages) +
                      ". Link it with a smaller initial memory, or raise Limits::memoryPages.");
    }
  }

  void checkTables() const {
    if (plan_->code->initialTableElements <= limits_.tableElements) return;
    throw Error(ErrorKind::OutOfMemory,
                plan_->name + ": the module asks for tables of " + std::to_string(plan_->code->initialTableElements) +
                    " elements at start; the limit is " + std::to_string(limits_.tableElements) +
                    ". Declare smaller tables, or raise Limits::tableElements.");
  }

  /// The host calls only functions that the module defines. `name` is the export's.
  void checkDefined(uint32_t function, std::string_view name) const {
    if (function >= plan_->code->importedFunctions) return;
    const interpreter::Import& import = *plan_->importOf(function);
    throw Error(ErrorKind::Export, plan_->name + ": the host would call " + std::string(name) +
                                       ", which is the module's import " + import.module + "." + import.name +
                                       "; the mock host calls only functions that the module defines. Export a "
                                       "function that calls the import.");
  }

  std::vector<interpreter::HostFunction> link() {
    std::vector<interpreter::HostFunction> functions;
    for (const auto& import : plan_->code->imports) {
      const std::string what = import.module + "." + import.name;
      if (import.kind != "func") {
        throw Error(ErrorKind::Import, plan_->name + ": the module imports the " + import.kind + " " + what +
                                           "; proxies provide functions only. Link it so that it defines its own.");
      }
      Imports::Function function;
      try {
        function = imports_.find(import.module, import.name);
      } catch (const Error& error) {
        throw Error(error.kind(), plan_->name + ": " + error.what());
      }
      if (!(import.signature == function.signature)) {
        throw Error(ErrorKind::Import, plan_->name + ": the module imports " + what + " as " +
                                           toString(import.signature) + "; hosts provide it as " +
                                           toString(function.signature) + ". Mend its declaration.");
      }
      functions.push_back([this, id = function.id](const uint64_t* arguments, size_t count, uint64_t* result) {
        // The interpreter's frames cannot be unwound, so an exception is stored, and the guest traps.
        try {
          *result = imports_.call(id, std::span(arguments, count));
          return true;
        } catch (...) {
          pending_ = std::current_exception();
          return false;
        }
      });
    }
    return functions;
  }

  [[noreturn]] void fail(Outcome outcome, const std::string& reason) {
    std::string stack = trace();
    if (depth_ == 0) machine_->clearStack();
    if (std::exception_ptr pending = std::exchange(pending_, nullptr)) {
      try {
        std::rethrow_exception(pending);
      } catch (const Error& error) {
        // The innermost call has already added the whole stack.
        std::string message = error.what();
        if (message.find("\n  at ") == std::string::npos) message += stack;
        throw Error(error.kind(), message);
      }
    }
    if (outcome == Outcome::OutOfSteps) {
      throw Error(ErrorKind::OutOfSteps,
                  "the guest ran for more than " + std::to_string(limits_.instructions) +
                      " instructions in one callback: a loop without end, or Limits::instructions "
                      "is too small" +
                      stack);
    }
    if (outcome == Outcome::OutOfStack) {
      throw Error(ErrorKind::Trap, "the guest trapped: call stack exhausted: more than " +
                                       std::to_string(limits_.callDepth) + " calls (Limits::callDepth) or " +
                                       std::to_string(limits_.stackValues) +
                                       " locals and operands (Limits::stackValues)" + stack);
    }
    std::string message = "the guest trapped: " + reason;
    if (machine_->pages() >= limits_.memoryPages) {
      message += " (its memory is at the limit of " + std::to_string(limits_.memoryPages) + " pages)";
    }
    throw Error(ErrorKind::Trap, message + stack);
  }

  [[nodiscard]] std::string trace() const {
    std::string text;
    std::vector<uint32_t> stack = machine_->stack();
    for (size_t i = 0; i < stack.size(); ++i) {
      if (i == kMaxTraceLines) return text + "\n  at ... " + std::to_string(stack.size() - i) + " more";
      text += "\n  at " + plan_->functionName(stack[i]);
    }
    return text;
  }

  std::shared_ptr<const Plan> plan_;
  Imports& imports_;
  Limits limits_;
  std::unique_ptr<Machine> machine_;
  std::unique_ptr<WasmMemory> memory_;
  std::exception_ptr pending_;
  int depth_ = 0;
};

class WasmModule final : public Module {
 public:
  WasmModule(std::string bytes, std::string name) : bytes_(std::move(bytes)), plan_(std::make_shared<Plan>()) {
    plan_->name = std::move(name);
    read();
    findAbiVersion();
  }

  [[nodiscard]] int abiVersion() const override { return plan_->abiVersion; }
  std::unique_ptr<Guest> instantiate(Imports& imports, const Limits& limits) override {
    return std::make_unique<WasmGuest>(plan_, imports, limits);
  }
  [[nodiscard]] const std::string& key() const override { return bytes_; }

 private:
  void read() {
    if (bytes_.empty()) {
      throw Error(ErrorKind::Module, plan_->name + ": the file is empty. Build the filter again.");
    }
    if (!bytes_.starts_with(std::string_view("\0asm", 4))) {
      throw Error(ErrorKind::Module, plan_->name + ": not a WebAssembly module (it does not begin with \"\\0asm\"). " +
                                         "Give the .wasm file that the filter's build makes.");
    }
    std::string reason;
    plan_->code = interpreter::read(plan_->name, bytes_, &reason);
    if (plan_->code == nullptr) {
      throw Error(ErrorKind::Module, plan_->name + ": the WebAssembly module is broken or truncated: " + reason +
                                         ". Build the filter again, or check how the file was copied.");
    }
  }

  void findAbiVersion() {
    std::string unknown;
    for (const auto& exported : plan_->code->exports) {
      if (!exported.name.starts_with("proxy_abi_version_")) continue;
      if (exported.name == "proxy_abi_version_0_1_0") plan_->abiVersion = 10;
      if (exported.name == "proxy_abi_version_0_2_0") plan_->abiVersion = 20;
      if (exported.name == "proxy_abi_version_0_2_1") plan_->abiVersion = 21;
      unknown = exported.name;
    }
    if (plan_->abiVersion != 0) return;
    if (!unknown.empty()) {
      throw Error(ErrorKind::NotProxyWasm,
                  plan_->name + ": the module exports " + unknown +
                      ", an ABI version that hosts do not know; they know 0.1.0, 0.2.0 and 0.2.1.");
    }
    throw Error(ErrorKind::NotProxyWasm,
                plan_->name + ": not a Proxy-Wasm module: it exports no proxy_abi_version_0_2_1 (nor 0_2_0, 0_1_0). " +
                    "Build it with sluice_add_filter, or export that function.");
  }

  std::string bytes_;
  std::shared_ptr<Plan> plan_;
};

}  // namespace

std::shared_ptr<Module> loadWasm(std::string bytes, std::string name) {
  return std::make_shared<WasmModule>(std::move(bytes), std::move(name));
}

}  // namespace sluice::host
