#include "guest/interpreter.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "abi/guest_memory.h"
#include "guest/module_check.h"
#include "guest/wabt_access.h"
#include "guest/wabt_features.h"
#include "wabt/binary-reader-nop.h"
#include "wabt/binary-reader.h"
#include "wabt/interp/binary-reader-interp.h"
#include "wabt/interp/interp.h"

namespace sluice::host::interpreter {
namespace {

using wabt::interp::DefinedFunc;
using wabt::interp::FuncType;
using wabt::interp::HostFunc;
using wabt::interp::Instance;
using wabt::interp::Memory;
using wabt::interp::RunResult;
using wabt::interp::Store;
using wabt::interp::Thread;
using wabt::interp::Trap;
using wabt::interp::Value;
using wabt::interp::Values;

constexpr size_t kMaxArguments = 16;

ValueKind kindOf(wabt::Type type) {
  switch (static_cast<wabt::Type::Enum>(type)) {
    case wabt::Type::I32:
      return ValueKind::I32;
    case wabt::Type::I64:
      return ValueKind::I64;
    case wabt::Type::F32:
      return ValueKind::F32;
    case wabt::Type::F64:
      return ValueKind::F64;
    default:
      return ValueKind::Other;
  }
}

Signature signatureOf(const FuncType& type) {
  Signature signature;
  for (wabt::Type param : type.params) signature.params.push_back(kindOf(param));
  for (wabt::Type result : type.results) signature.results.push_back(kindOf(result));
  return signature;
}

Value toValue(ValueKind kind, uint64_t raw) {
  return kind == ValueKind::I64 ? Value::Make(raw) : Value::Make(static_cast<uint32_t>(raw));
}

uint64_t fromValue(ValueKind kind, const Value& value) {
  return kind == ValueKind::I64 ? value.Get<uint64_t>() : value.Get<uint32_t>();
}

/// The instruction at `at` in wabt's form of the code.
wabt::Opcode::Enum opcodeAt(const uint8_t* at) {
  wabt::interp::Istream::SerializedOpcode opcode;
  std::memcpy(&opcode, at, sizeof opcode);
  return static_cast<wabt::Opcode::Enum>(opcode);
}

/// Makes each return_call jump to the function that it names: for a function that comes later in a module with imports,
/// wabt 1.0.32 jumps to another.
void mendReturnCalls(size_t imported, wabt::interp::ModuleDesc* module) {
  auto& code = module->istream.*reach(wabt_access::CodeBytes{});
  wabt::interp::Istream::Offset at = 0;
  while (at < module->istream.end()) {
    const wabt::interp::Instr instruction = module->istream.Read(&at);
    if (instruction.op != wabt::Opcode::InterpAdjustFrameForReturnCall) continue;
    // The jump comes next.
    const uint32_t target = module->funcs[instruction.imm_u32 - imported].code_offset;
    std::memcpy(code.data() + at + sizeof(wabt::interp::Istream::SerializedOpcode), &target, sizeof target);
  }
}

/// Collects the function names in the name section.
class NameReader final : public wabt::BinaryReaderNop {
 public:
  explicit NameReader(std::vector<std::string>* names) : names_(names) {}
  bool OnError(const wabt::Error&) override { return true; }
  wabt::Result OnFunctionName(wabt::Index index, std::string_view name) override {
    if (index < names_->size()) (*names_)[index] = std::string(name);
    return wabt::Result::Ok;
  }

 private:
  std::vector<std::string>* names_;
};

}  // namespace

struct Code::Description {
  wabt::interp::ModuleDesc module;
};

std::shared_ptr<const Code> read(std::string_view name, std::string_view bytes, std::string* error) {
  const ModuleCheck check = checkModule(bytes);
  if (check.broken || check.excess) {
    *error = check.broken ? *check.broken
                          : "function " + std::to_string(check.excess->function) + " has " + check.excess->what;
    return nullptr;
  }
  auto code = std::make_shared<Code>();
  auto description = std::make_shared<Code::Description>();
  wabt::interp::ModuleDesc& module = description->module;
  wabt::Errors errors;
  wabt::ReadBinaryOptions options(features(), nullptr, /*read_debug_names=*/false, /*stop_on_first_error=*/true,
                                  /*fail_on_custom_section_error=*/false);
  if (Failed(wabt::interp::ReadBinaryInterp(name, bytes.data(), bytes.size(), options, &errors, &module))) {
    *error = "unknown reason";
    if (!errors.empty()) {
      *error = errors.front().message + " (at byte " + std::to_string(errors.front().loc.offset) + " of " +
               std::to_string(bytes.size()) + ")";
    }
    return nullptr;
  }
  for (const auto& import : module.imports) {
    Import entry{import.type.module, import.type.name, wabt::interp::GetName(import.type.type->kind), {}};
    if (import.type.type->kind == wabt::ExternalKind::Func) {
      entry.signature = signatureOf(*wabt::cast<FuncType>(import.type.type.get()));
      ++code->importedFunctions;
    }
    code->imports.push_back(std::move(entry));
  }
  if (check.tailCalls) mendReturnCalls(code->importedFunctions, &module);
  for (const auto& exported : module.exports) {
    Export entry{exported.type.name, exported.type.type->kind == wabt::ExternalKind::Func, {}, exported.index};
    if (entry.isFunction) entry.signature = signatureOf(*wabt::cast<FuncType>(exported.type.type.get()));
    code->exports.push_back(std::move(entry));
  }
  for (const auto& start : module.starts) code->starts.push_back(start.func_index);
  for (const auto& memory : module.memories) {
    code->initialPages = std::max<uint64_t>(code->initialPages, memory.type.limits.initial);
    code->memory64 = code->memory64 || memory.type.limits.is_64;
  }
  for (const auto& table : module.tables) code->initialTableElements += table.type.limits.initial;
  module.starts.clear();  // The host runs them, so that it counts their steps.

  code->functionNames.resize(code->importedFunctions + module.funcs.size());
  NameReader reader(&code->functionNames);
  wabt::ReadBinaryOptions names(features(), nullptr, /*read_debug_names=*/true, /*stop_on_first_error=*/false,
                                /*fail_on_custom_section_error=*/false);
  names.skip_function_bodies = true;
  // The module is valid at this point; with a broken name section, messages only lack names.
  (void)wabt::ReadBinary(bytes.data(), bytes.size(), &reader, names);

  code->description = std::move(description);
  return code;
}

class Machine::Impl {
 public:
  Impl(std::shared_ptr<const Code> code, std::vector<HostFunction> functions, const Limits& limits, std::string* error)
      : functions_(std::move(functions)), limits_(limits) {
    clearStack();
    wabt::interp::ModuleDesc description = code->description->module;
    limitGrowth(&description, *code);
    wabt::interp::RefVec imports;
    for (const auto& import : description.imports) {
      if (import.type.type->kind == wabt::ExternalKind::Func) imports.push_back(link(imports.size(), import.type));
    }
    auto module = wabt::interp::Module::New(store_, std::move(description));
    Trap::Ptr trap;
    instance_ = Instance::Instantiate(store_, module.ref(), imports, &trap);
    if (!instance_) {
      *error = trap ? trap->message() : "unknown reason";
      return;
    }
    module_ = store_.UnsafeGet<wabt::interp::Module>(instance_->module());
    const auto& refs = instance_->funcs();
    for (uint32_t index = 0; index < refs.size(); ++index) {
      indexes_[refs[index].index] = index;
      signatures_.push_back(signatureOf(store_.UnsafeGet<wabt::interp::Func>(refs[index])->type()));
    }
    if (!instance_->memories().empty()) memory_ = store_.UnsafeGet<Memory>(instance_->memories()[0]);
  }

  Outcome run(uint32_t index, const uint64_t* arguments, size_t count, uint64_t* result, std::string* message) {
    auto function = store_.UnsafeGet<DefinedFunc>(instance_->funcs()[index]);
    const FuncType& type = function->type();
    const Signature& kinds = signatures_[index];
    Values values;
    values.reserve(count);
    for (size_t i = 0; i < count; ++i) values.push_back(toValue(kinds.params[i], arguments[i]));

    Trap::Ptr trap;
    (thread_.get()->*reach(wabt_access::PushValues{}))(type.params, values);
    RunResult state = (thread_.get()->*reach(wabt_access::PushCall{}))(*function, &trap);
    if (state == RunResult::Ok) state = runSteps(&trap);
    if (state == RunResult::Return) {
      Values results;
      (thread_.get()->*reach(wabt_access::PopValues{}))(type.results, &results);
      if (!results.empty()) *result = fromValue(kinds.results[0], results[0]);
      return Outcome::Returned;
    }
    if (state == RunResult::Ok) return Outcome::OutOfSteps;
    if (std::exchange(hostFailed_, false)) return Outcome::HostFailed;
    if (std::exchange(outOfStack_, false) || (trap && trap->message() == "call stack exhausted")) {
      return Outcome::OutOfStack;
    }
    *message = trap ? trap->message() : "uncaught exception";
    return Outcome::Trapped;
  }

  std::vector<uint32_t> stack() const {
    std::vector<uint32_t> indexes;
    const auto& frames = thread_.get()->*reach(wabt_access::Frames{});
    for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
      auto index = indexes_.find(frame->func.index);
      if (index != indexes_.end()) indexes.push_back(index->second);
    }
    return indexes;
  }

  void clearStack() {
    thread_ = std::make_unique<Thread>(store_);
    (thread_.get()->*reach(wabt_access::Frames{})).reserve(size_t{limits_.callDepth} + 1);
  }

  const Signature& signature(uint32_t function) const { return signatures_[function]; }

  char* memoryAt(uint64_t address, uint64_t size) {
    if (memory_.empty() || !memory_->IsValidAccess(address, 0, size)) return nullptr;
    return reinterpret_cast<char*>(memory_->UnsafeData()) + address;
  }

  uint32_t pages() const { return memory_.empty() ? 0 : static_cast<uint32_t>(memory_->PageSize()); }
  uint64_t steps() const { return steps_; }
  void allowSteps(uint64_t count) { limit_ = count > UINT64_MAX - steps_ ? UINT64_MAX : steps_ + count; }
  /// What is no instruction leaves fewer of them.
  void charge(uint64_t steps) { limit_ -= std::min(limit_, steps); }
  uint64_t bulkBytes() const { return bulkBytes_; }
  std::shared_ptr<const std::vector<uint64_t>> countByFunction() {
    byFunction_ = std::make_shared<std::vector<uint64_t>>(signatures_.size());
    return byFunction_;
  }

 private:
  wabt::interp::Ref link(size_t position, const wabt::interp::ImportType& import) {
    const FuncType type = *wabt::cast<FuncType>(import.type.get());
    auto callback = [this, position, kinds = signatureOf(type)](Thread&, const Values& params, Values& results,
                                                                Trap::Ptr* trap) {
      uint64_t arguments[kMaxArguments] = {};
      size_t count = std::min(params.size(), kMaxArguments);
      for (size_t i = 0; i < count; ++i) arguments[i] = fromValue(kinds.params[i], params[i]);
      uint64_t result = 0;
      if (!functions_[position](arguments, count, &result)) {
        hostFailed_ = true;
        *trap = Trap::New(store_, "host function failed");
        return wabt::Result::Error;
      }
      if (!results.empty()) results[0] = toValue(kinds.results[0], result);
      return wabt::Result::Ok;
    };
    return HostFunc::New(store_, type, callback).ref();
  }

  /// Memory and tables grow up to their limits and no further.
  void limitGrowth(wabt::interp::ModuleDesc* description, const Code& code) const {
    auto limit = [](wabt::Limits& limits, uint64_t max) {
      if (!limits.has_max || limits.max > max) limits.max = max;
      limits.has_max = true;
    };
    for (auto& memory : description->memories) limit(memory.type.limits, limits_.memoryPages);
    // Tables share what the module has left.
    const uint64_t left = limits_.tableElements - std::min(limits_.tableElements, code.initialTableElements);
    for (auto& table : description->tables) {
      wabt::Limits& limits = table.type.limits;
      limit(limits, std::min<uint64_t>(UINT32_MAX, limits.initial + left / description->tables.size()));
    }
  }

  /// Runs until the function pushed last returns. Ok means that the step limit was reached.
  RunResult runSteps(Trap::Ptr* trap) { return byFunction_ ? runSteps<true>(trap) : runSteps<false>(trap); }

  template <bool countsByFunction>
  RunResult runSteps(Trap::Ptr* trap) {
    Thread* thread = thread_.get();
    const auto step = reach(wabt_access::Step{});
    const auto& frames = thread->*reach(wabt_access::Frames{});
    const auto& values = thread->*reach(wabt_access::ValueStack{});
    const auto& code = istream().*reach(wabt_access::CodeBytes{});
    while (steps_ < limit_) {
      RunResult result = RunResult::Ok;
      const wabt::Opcode::Enum opcode = opcodeAt(code.data() + frames.back().offset);
      if (countsByFunction && isInstruction(opcode)) ++(*byFunction_)[indexes_.at(frames.back().func.index)];
      if (needsCare(opcode)) {
        result = stepWithCare(opcode, trap);
      } else {
        ++steps_;
        result = (thread->*step)(trap);
      }
      if (result != RunResult::Ok) return result;
      if (values.size() > limits_.stackValues || frames.size() > limits_.callDepth) return stackIsFull();
    }
    return RunResult::Ok;
  }

  /// Whether the module has the instruction: it is not one of wabt's own, which are no steps.
  static bool isInstruction(wabt::Opcode::Enum opcode) {
    return opcode != wabt::Opcode::InterpAlloca && opcode != wabt::Opcode::InterpDropKeep &&
           opcode != wabt::Opcode::InterpAdjustFrameForReturnCall;
  }

  /// Whether an instruction is wabt's own, does work that its operands say, or is one that wabt gets wrong.
  static bool needsCare(wabt::Opcode::Enum opcode) {
    using Opcode = wabt::Opcode;
    switch (opcode) {
      case Opcode::InterpAlloca:
      case Opcode::InterpDropKeep:
      case Opcode::InterpAdjustFrameForReturnCall:
      case Opcode::InterpCallImport:
      case Opcode::ReturnCallIndirect:
      case Opcode::MemoryFill:
      case Opcode::MemoryCopy:
      case Opcode::MemoryInit:
      case Opcode::MemoryGrow:
      case Opcode::TableFill:
      case Opcode::TableCopy:
      case Opcode::TableInit:
      case Opcode::TableGrow:
        return true;
      default:
        return false;
    }
  }

  RunResult stepWithCare(wabt::Opcode::Enum opcode, Trap::Ptr* trap) {
    using Opcode = wabt::Opcode;
    Thread* thread = thread_.get();
    const auto step = reach(wabt_access::Step{});
    const auto& frames = thread->*reach(wabt_access::Frames{});
    const auto& values = thread->*reach(wabt_access::ValueStack{});
    switch (opcode) {
      case Opcode::InterpDropKeep:
        return (thread->*step)(trap);
      case Opcode::InterpAlloca: {
        auto offset = frames.back().offset;
        if (values.size() + istream().Read(&offset).imm_u32 > limits_.stackValues) return stackIsFull();
        return (thread->*step)(trap);
      }
      case Opcode::InterpAdjustFrameForReturnCall: {
        auto offset = frames.back().offset;
        keepOnly(signatures_[istream().Read(&offset).imm_u32].params.size());
        return (thread->*step)(trap);
      }
      case Opcode::InterpCallImport: {
        ++steps_;
        const RunResult result = (thread->*step)(trap);
        // A return_call of an import, most likely.
        const auto& code = istream().*reach(wabt_access::CodeBytes{});
        if (result == RunResult::Ok && opcodeAt(code.data() + frames.back().offset) == Opcode::Return) {
          keepOnly(currentSignature().results.size());
        }
        return result;
      }
      case Opcode::ReturnCallIndirect:
        ++steps_;
        return returnCallIndirect(trap);
      default:
        break;
    }
    ++steps_;
    const uint64_t count = values.back().Get<uint32_t>();
    const RunResult result = (thread->*step)(trap);
    if (result != RunResult::Ok) return result;
    const bool grows = opcode == Opcode::MemoryGrow || opcode == Opcode::TableGrow;
    if (!grows || values.back().Get<uint32_t>() != UINT32_MAX) charge(workOf(opcode, count));
    if (movesBytes(opcode)) bulkBytes_ += count;
    return result;
  }

  /// The steps that an instruction stands for which handles `count` bytes, pages or table elements.
  static uint64_t workOf(wabt::Opcode::Enum opcode, uint64_t count) {
    if (movesBytes(opcode)) return count / kBytesPerStep;
    return opcode == wabt::Opcode::MemoryGrow ? count * (WABT_PAGE_SIZE / kBytesPerStep) : count;
  }

  static bool movesBytes(wabt::Opcode::Enum opcode) {
    return opcode == wabt::Opcode::MemoryFill || opcode == wabt::Opcode::MemoryCopy ||
           opcode == wabt::Opcode::MemoryInit;
  }

  /// wabt 1.0.32 returns from a tail call of an import to nowhere when the host called the function, and loses its
  /// trap.
  RunResult returnCallIndirect(Trap::Ptr* trap) {
    Thread* thread = thread_.get();
    auto& values = thread->*reach(wabt_access::ValueStack{});
    auto offset = (thread->*reach(wabt_access::Frames{})).back().offset;
    const wabt::interp::Instr instruction = istream().Read(&offset);
    const auto table = store_.UnsafeGet<wabt::interp::Table>(instance_->tables()[instruction.imm_u32x2.fst]);
    const FuncType& type = module_->desc().func_types[instruction.imm_u32x2.snd];
    const auto entry = values.back().Get<uint32_t>();
    wabt::interp::Ref callee = wabt::interp::Ref::Null;
    if (Succeeded(table->Get(entry, &callee)) && store_.Is<HostFunc>(callee)) {
      const auto function = store_.UnsafeGet<wabt::interp::Func>(callee);
      if (function->type().params == type.params && function->type().results == type.results) {
        values.pop_back();
        keepOnly(type.params.size());
        if ((thread->*reach(wabt_access::DoCall{}))(function, trap) == RunResult::Trap) return RunResult::Trap;
        keepOnly(type.results.size());
        return (thread->*reach(wabt_access::PopCall{}))();
      }
    }
    keepOnly(type.params.size() + 1);
    return (thread->*reach(wabt_access::Step{}))(trap);
  }

  /// Removes what the running function has on the stack, except the last `count` values. Inside a block, wabt 1.0.32
  /// leaves operands there that a tail call must drop.
  void keepOnly(size_t count) {
    auto& values = thread_.get()->*reach(wabt_access::ValueStack{});
    const auto& frame = (thread_.get()->*reach(wabt_access::Frames{})).back();
    const size_t base = frame.values - currentSignature().params.size();
    if (values.size() <= base + count) return;
    values.erase(values.begin() + static_cast<ptrdiff_t>(base), values.end() - static_cast<ptrdiff_t>(count));
  }

  const Signature& currentSignature() const {
    const auto& frame = (thread_.get()->*reach(wabt_access::Frames{})).back();
    return signatures_[indexes_.at(frame.func.index)];
  }

  RunResult stackIsFull() {
    outOfStack_ = true;
    return RunResult::Trap;
  }

  const wabt::interp::Istream& istream() { return module_->desc().istream; }

  std::vector<HostFunction> functions_;
  const Limits limits_;
  Store store_{features()};
  std::unique_ptr<Thread> thread_;
  Instance::Ptr instance_;
  wabt::interp::Module::Ptr module_;
  Memory::Ptr memory_;
  std::unordered_map<size_t, uint32_t> indexes_;       // From wabt's reference of a function to its index.
  std::vector<Signature> signatures_;                  // By function index.
  std::shared_ptr<std::vector<uint64_t>> byFunction_;  // Null unless somebody asked for it.
  uint64_t steps_ = 0;
  uint64_t bulkBytes_ = 0;
  uint64_t limit_ = UINT64_MAX;
  bool hostFailed_ = false;
  bool outOfStack_ = false;
};

Machine::Machine(std::shared_ptr<const Code> code, std::vector<HostFunction> functions, const Limits& limits,
                 std::string* error)
    : impl_(std::make_unique<Impl>(std::move(code), std::move(functions), limits, error)) {}
Machine::~Machine() = default;

Outcome Machine::run(uint32_t function, const uint64_t* arguments, size_t count, uint64_t* result,
                     std::string* message) {
  return impl_->run(function, arguments, count, result, message);
}
std::vector<uint32_t> Machine::stack() const { return impl_->stack(); }
void Machine::clearStack() { impl_->clearStack(); }
const Signature& Machine::signature(uint32_t function) const { return impl_->signature(function); }
char* Machine::memoryAt(uint64_t address, uint64_t size) { return impl_->memoryAt(address, size); }
uint32_t Machine::pages() const { return impl_->pages(); }
uint64_t Machine::steps() const { return impl_->steps(); }
void Machine::allowSteps(uint64_t count) { impl_->allowSteps(count); }
void Machine::charge(uint64_t steps) { impl_->charge(steps); }
uint64_t Machine::bulkBytes() const { return impl_->bulkBytes(); }
std::shared_ptr<const std::vector<uint64_t>> Machine::countByFunction() { return impl_->countByFunction(); }

}  // namespace sluice::host::interpreter
