#include "guest/interpreter.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "guest/wabt_access.h"
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

// About as many frames as a proxy's engine allows; wabt's default is 1,365.
constexpr size_t kMaxFrames = 10'000;
constexpr size_t kMaxArguments = 16;

wabt::Features features() {
  wabt::Features features;
  features.enable_tail_call();
  return features;
}

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
  size_t functions = module.funcs.size();
  for (const auto& import : module.imports) {
    Import entry{import.type.module, import.type.name, wabt::interp::GetName(import.type.type->kind), {}};
    if (import.type.type->kind == wabt::ExternalKind::Func) {
      entry.signature = signatureOf(*wabt::cast<FuncType>(import.type.type.get()));
      ++functions;
    }
    code->imports.push_back(std::move(entry));
  }
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
  module.starts.clear();  // The host runs them, so that it counts their steps.

  code->functionNames.resize(functions);
  NameReader reader(&code->functionNames);
  wabt::ReadBinaryOptions names(features(), nullptr, /*read_debug_names=*/true, /*stop_on_first_error=*/false,
                                /*fail_on_custom_section_error=*/false);
  // The module is valid at this point; with a broken name section, messages only lack names.
  (void)wabt::ReadBinary(bytes.data(), bytes.size(), &reader, names);

  code->description = std::move(description);
  return code;
}

class Machine::Impl {
 public:
  Impl(std::shared_ptr<const Code> code, std::vector<HostFunction> functions, uint32_t maxPages, std::string* error)
      : functions_(std::move(functions)) {
    clearStack();
    wabt::interp::ModuleDesc description = code->description->module;
    for (auto& memory : description.memories) {
      wabt::Limits& limits = memory.type.limits;
      if (!limits.has_max || limits.max > maxPages) limits.max = maxPages;
      limits.has_max = true;
    }
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
    (thread_.get()->*reach(wabt_access::Frames{})).reserve(kMaxFrames);
  }

  const Signature& signature(uint32_t function) const { return signatures_[function]; }

  char* memoryAt(uint64_t address, uint64_t size) {
    if (memory_.empty() || !memory_->IsValidAccess(address, 0, size)) return nullptr;
    return reinterpret_cast<char*>(memory_->UnsafeData()) + address;
  }

  uint32_t pages() const { return memory_.empty() ? 0 : static_cast<uint32_t>(memory_->PageSize()); }
  uint64_t steps() const { return steps_; }
  void setStepLimit(uint64_t total) { limit_ = total; }

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

  /// Runs until the function pushed last returns. Ok means that the step limit was reached.
  RunResult runSteps(Trap::Ptr* trap) {
    const auto step = reach(wabt_access::Step{});
    Thread* thread = thread_.get();
    const auto& frames = thread->*reach(wabt_access::Frames{});
    const auto& code =
        store_.UnsafeGet<wabt::interp::Module>(instance_->module())->desc().istream.*reach(wabt_access::CodeBytes{});
    while (steps_ < limit_) {
      steps_ += isInstruction(code.data() + frames.back().offset) ? 1 : 0;
      RunResult result = (thread->*step)(trap);
      if (result != RunResult::Ok) return result;
    }
    return RunResult::Ok;
  }

  /// Whether the instruction at `at` comes from the module; wabt also adds instructions for its own use.
  static bool isInstruction(const uint8_t* at) {
    wabt::interp::Istream::SerializedOpcode opcode;
    std::memcpy(&opcode, at, sizeof opcode);
    return opcode != wabt::Opcode::InterpAlloca && opcode != wabt::Opcode::InterpDropKeep;
  }

  std::vector<HostFunction> functions_;
  Store store_{features()};
  std::unique_ptr<Thread> thread_;
  Instance::Ptr instance_;
  Memory::Ptr memory_;
  std::unordered_map<size_t, uint32_t> indexes_;  // From wabt's reference of a function to its index.
  std::vector<Signature> signatures_;             // By function index.
  uint64_t steps_ = 0;
  uint64_t limit_ = UINT64_MAX;
  bool hostFailed_ = false;
};

Machine::Machine(std::shared_ptr<const Code> code, std::vector<HostFunction> functions, uint32_t maxPages,
                 std::string* error)
    : impl_(std::make_unique<Impl>(std::move(code), std::move(functions), maxPages, error)) {}
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
void Machine::setStepLimit(uint64_t total) { impl_->setStepLimit(total); }

}  // namespace sluice::host::interpreter
