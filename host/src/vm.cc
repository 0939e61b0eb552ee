#include "vm.h"

#include <set>
#include <string>
#include <utility>

#include "abi/crossing_values.h"
#include "abi/hostcalls.h"
#include "abi/wasi.h"

namespace sluice::host {
namespace {

// The ids of imported functions: hostcalls by their index in the table, then WASI's functions, then Emscripten's two.
constexpr uint32_t kFirstWasi = 0x1000;
constexpr uint32_t kMemoryGrowth = 0x2000;
constexpr uint32_t kPthreadEqual = 0x2001;

bool isWasi(std::string_view module) { return module == "wasi_snapshot_preview1" || module == "wasi_unstable"; }

// The functions that the reference host lets a guest call during memory allocation: logs, the clock, and Go's sleep.
const std::set<std::string_view> kAllowedWhileAllocating = {"proxy_log", "fd_write", "clock_time_get", "poll_oneoff"};

bool allowedWhileInitialising(std::string_view module, std::string_view name) {
  static const std::set<std::string_view> kRefused = {"fd_read",     "fd_seek",   "fd_close",
                                                      "sched_yield", "proc_exit", "path_open"};
  if (isWasi(module)) return !kRefused.contains(name);
  return name == "proxy_log" || name == "emscripten_notify_memory_growth";
}

}  // namespace

/// Spans a crossing, and records it if the host has a recorder.
class Vm::Record {
 public:
  Record(Vm& vm, Crossing::Kind kind, std::string_view name, Context& context) : vm_(vm), recorder_(vm.host_.recorder) {
    if (recorder_ == nullptr) return;
    start_ = vm.guest_->instructions();
    Crossing crossing;
    crossing.kind = kind;
    crossing.name = name;
    crossing.plugin = context.logName();
    crossing.context = context.id();
    if (context.root() != nullptr) crossing.root = context.root()->id();
    if (const StreamAttributes* stream = context.attributes()) crossing.stream = stream->id;
    crossing.instructionsBefore = start_ - std::exchange(vm.instructionsAtCrossing_, start_);
    recorder_->begin(std::move(crossing));
  }
  ~Record() {
    if (recorder_ == nullptr) return;
    vm_.instructionsAtCrossing_ = vm_.guest_->instructions();
    recorder_->end(vm_.instructionsAtCrossing_ - start_);
  }
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  /// Calls `complete` with the crossing, if it is recorded.
  template <class Complete>
  void complete(const Complete& complete) {
    if (recorder_ == nullptr) return;
    if (Crossing* crossing = recorder_->open()) complete(*crossing);
  }

 private:
  Vm& vm_;
  Recorder* recorder_;
  uint64_t start_ = 0;
};

Vm::Vm(HostServices& host, std::shared_ptr<Module> module, const PluginOptions& options, std::shared_ptr<void> vmIdHold)
    : Instance(options, module->abiVersion()),
      host_(host),
      vmIdHold_(std::move(vmIdHold)),
      module_(std::move(module)) {}

Vm::~Vm() = default;

void Vm::start() {
  guest_ = module_->instantiate(*this, options().limits);
  if (host_.recorder != nullptr) host_.recorder->addFunctions(guest_->countByFunction());
  vmContext_ = std::make_unique<Context>(*this, nullptr, nullptr);
  restriction_ = Restriction::Initialising;
  CallScope scope(*this);
  try {
    current_ = vmContext_.get();
    guest_->allowSteps(options().limits.instructions);
    guest_->start();
    findCallbacks();
    const Signature nothing;
    if (auto initialise = guest_->find("_initialize", nothing)) {
      run(*initialise, "_initialize", *vmContext_, {});
      static const Signature mainSignature{{ValueKind::I32, ValueKind::I32}, {ValueKind::I32}};
      if (guest_->find("main")) {
        const uint64_t noArguments[] = {0, 0};
        run(*guest_->find("main", mainSignature), "main", *vmContext_, noArguments);
      } else if (auto main = guest_->find("__main_void")) {
        run(*main, "__main_void", *vmContext_, {});
      }
    } else if (auto command = guest_->find("_start", nothing)) {
      run(*command, "_start", *vmContext_, {});
    }
  } catch (const Error& error) {
    current_ = nullptr;
    restriction_ = Restriction::None;
    bool byRunning = error.kind() == ErrorKind::Trap || error.kind() == ErrorKind::OutOfSteps ||
                     error.kind() == ErrorKind::OutOfMemory || error.kind() == ErrorKind::Restricted;
    if (!byRunning) throw;
    fail(error);
  }
  current_ = nullptr;
  restriction_ = Restriction::None;
}

void Vm::findCallbacks() {
  const int version = abiVersion();
  auto lookUp = [&](auto& callback, int first, int last, Signature signature) {
    if (version < first || version > last) return;
    bool headers = callback.name == "proxy_on_request_headers" || callback.name == "proxy_on_response_headers";
    if (version == 10 && headers) signature.params.pop_back();
    callback.function = guest_->find(callback.name, signature);
  };
#define SLUICE_FIND_CALLBACK(first, last, name, result, params) \
  lookUp(callbacks_.name, first, last, abi32::SignatureOf<abi32::type::name>::get());
  SLUICE_ABI_CALLBACKS(SLUICE_FIND_CALLBACK)
#undef SLUICE_FIND_CALLBACK
  allocator_ = callbacks_.malloc.function ? callbacks_.malloc.function : callbacks_.proxy_on_memory_allocate.function;
  if (!allocator_) {
    throw Error(ErrorKind::MissingFunction,
                "the module exports neither proxy_on_memory_allocate nor malloc, so a host cannot hand it any data. "
                "Link the SDK's runtime, or export one of them.");
  }
}

uint64_t Vm::callRaw(std::string_view function, std::span<const uint64_t> arguments, Context& context) {
  auto target = guest_->find(function);
  if (!target) throw Error(ErrorKind::Usage, "the module exports no function " + std::string(function) + ".");
  if (failure_) throw Error(ErrorKind::Usage, std::string("the VM has failed already: ") + failure_->what());
  CallScope scope(*this);
  try {
    return run(*target, function, context, arguments);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Usage) fail(error);
    throw;
  }
}

std::optional<uint64_t> Vm::invoke(uint32_t function, std::string_view name, Context& context,
                                   std::span<const uint64_t> raw) {
  try {
    return run(function, name, context, raw);
  } catch (const Error& error) {
    fail(error);
    return std::nullopt;
  }
}

uint64_t Vm::run(uint32_t function, std::string_view name, Context& context, std::span<const uint64_t> raw) {
  struct Restore {
    Vm& vm;
    std::string_view name;
    Context* current;
    uint32_t effective;
    Counts counts;
    uint64_t instructions;
    uint64_t bulkBytes;
    ~Restore() {
      vm.current_ = current;
      vm.effective_ = effective;
      vm.running_.instructions = vm.guest_->instructions() - instructions;
      vm.running_.bulkBytes = vm.guest_->bulkBytes() - bulkBytes;
      vm.running_.pages = vm.guest_->pages();
      auto entry = vm.counts_.find(name);
      if (entry == vm.counts_.end()) entry = vm.counts_.emplace(std::string(name), Counts{}).first;
      entry->second += vm.running_;
      vm.running_ = counts;
    }
  };
  checkCallbacks();
  Restore restore{*this, name, current_, effective_, running_, guest_->instructions(), guest_->bulkBytes()};
  Record record(*this, Crossing::Kind::Callback, name, context);
  record.complete([&](Crossing& crossing) { crossing.arguments = callbackArguments(name, raw); });
  current_ = &context;
  effective_ = 0;
  running_ = Counts{.calls = 1, .crossings = 1};
  guest_->allowSteps(options().limits.instructions);
  const uint64_t result = guest_->call(function, raw);
  record.complete([&](Crossing& crossing) {
    crossing.results = callbackResults(name, result);
    crossing.returned = true;
  });
  return result;
}

void Vm::checkCallbacks() {
  const Limits& limits = options().limits;
  if (host_.clock.countCallback() > limits.callbacks) {
    throw Error(ErrorKind::OutOfSteps, "more than " + std::to_string(limits.callbacks) +
                                           " callbacks followed from one action, without time passing "
                                           "(Limits::callbacks): a reply that calls again, or queues that feed each "
                                           "other. Let time pass between them.");
  }
  if (callScopes() > limits.callbackDepth) {
    throw Error(ErrorKind::Trap, "call stack exhausted: more than " + std::to_string(limits.callbackDepth) +
                                     " callbacks within each other (Limits::callbackDepth): a callback that continues "
                                     "a stream gets the next callback, which continues it again.");
  }
}

void Vm::fail(const Error& error) {
  host_.errors.push_back(error);
  if (!failure_) failure_ = error;
}

Imports::Function Vm::find(std::string_view module, std::string_view name) {
  if (isWasi(module)) {
    if (auto index = findWasi(name)) return {kFirstWasi + *index, wasiSignature(*index)};
    throw Error(ErrorKind::Import,
                "the module imports " + std::string(module) + "." + std::string(name) +
                    ", a WASI function that proxies do not provide. Leave out what needs it (threads, "
                    "most likely), or define it in the module.");
  }
  if (module == "env" && name == "emscripten_notify_memory_growth") return {kMemoryGrowth, {{ValueKind::I32}, {}}};
  if (module == "env" && name == "pthread_equal") {
    return {kPthreadEqual, {{ValueKind::I32, ValueKind::I32}, {ValueKind::I32}}};
  }
  const std::string version(abiVersionName(abiVersion()));
  for (uint32_t i = 0; i < kHostcalls.size(); ++i) {
    const HostcallInfo& info = kHostcalls[i];
    if (info.name != name || module != "env") continue;
    if (abiVersion() >= info.first && abiVersion() <= info.last)
      return {i, hostcallSignature(static_cast<Hostcall>(i))};
    throw Error(ErrorKind::Import, "the module imports env." + std::string(name) + ", which exists in ABI " +
                                       std::string(abiVersionName(info.first)) + " to " +
                                       std::string(abiVersionName(info.last)) + " only; the module declares ABI " +
                                       version + ". Do not call it, or export another proxy_abi_version_*.");
  }
  throw Error(ErrorKind::Import,
              "the module imports " + std::string(module) + "." + std::string(name) +
                  ", which no Proxy-Wasm host provides (ABI " + version +
                  "). A function was declared but not linked: add the source or library that defines it.");
}

const char* Vm::environment(std::string_view name) {
  const auto found = options().environment.find(std::string(name));
  return found == options().environment.end() ? nullptr : found->second.c_str();
}

uint64_t Vm::call(uint32_t id, std::span<const uint64_t> arguments) {
  ++running_.crossings;
  if (id >= kFirstWasi) return callRuntime(id, arguments);
  const auto hostcall = static_cast<Hostcall>(id);
  Record record(*this, Crossing::Kind::Hostcall, nameOf(hostcall), context());
  checkRestriction("env", nameOf(hostcall));
  const auto result = static_cast<uint32_t>(callHostcall(*this, hostcall, arguments));
  record.complete([](Crossing& crossing) { crossing.returned = true; });
  return result;
}

uint64_t Vm::callRuntime(uint32_t id, std::span<const uint64_t> arguments) {
  const bool isWasi = id < kMemoryGrowth;
  const std::string_view name = isWasi                ? wasiName(id - kFirstWasi)
                                : id == kMemoryGrowth ? "emscripten_notify_memory_growth"
                                                      : "pthread_equal";
  Record record(*this, Crossing::Kind::Wasi, name, context());
  record.complete([&](Crossing& crossing) { crossing.arguments = callbackArguments(name, arguments); });
  checkRestriction(isWasi ? "wasi_snapshot_preview1" : "env", name);
  uint64_t result = 0;
  if (isWasi) {
    result = callWasi(*this, id - kFirstWasi, arguments);
  } else if (id == kPthreadEqual) {
    result = arguments[0] == arguments[1] ? 1 : 0;
  }
  record.complete([&](Crossing& crossing) {
    if (id != kMemoryGrowth) crossing.results = {crossingNumber("", result)};
    crossing.returned = true;
  });
  return result;
}

void Vm::checkRestriction(std::string_view module, std::string_view name) const {
  if (restriction_ == Restriction::None) return;
  bool allocating = restriction_ == Restriction::Allocating;
  if (allocating ? kAllowedWhileAllocating.contains(name) : allowedWhileInitialising(module, name)) return;
  throw Error(ErrorKind::Restricted, "restricted_callback: the guest called " + std::string(name) + " while it " +
                                         (allocating ? "allocated memory for the host" : "was being initialised") +
                                         "; hosts forbid that. Call it from a callback instead.");
}

Context& Vm::context() {
  Context* effective = effective_ == 0 ? nullptr : findContext(effective_);
  return effective == nullptr ? *current_ : *effective;
}

Status Vm::setEffectiveContext(uint32_t id) {
  if (findContext(id) == nullptr) return Status::BadArgument;
  effective_ = id;
  return Status::Ok;
}

void Vm::countBytes(uint64_t bytes) {
  running_.bytesCopied += bytes;
  if (host_.recorder != nullptr) host_.recorder->countBytes(bytes);
  guest_->charge(bytes / kBytesPerStep);
}

void Vm::checkRoom(uint64_t bytes, std::string_view what) {
  const uint64_t limit = options().limits.hostBytes;
  const uint64_t present = host_.keptBytes();
  if (present <= limit && bytes <= limit - present) return;
  throw Error(ErrorKind::OutOfMemory, "the host keeps " + std::to_string(present) + " bytes for guests; with " +
                                          std::string(what) + " of " + std::to_string(bytes) +
                                          " it would keep more than " + std::to_string(limit) + " (Limits::hostBytes)");
}

void Vm::checkSize(uint64_t bytes, std::string_view what) {
  const uint64_t limit = options().limits.hostBytes;
  if (bytes <= limit) return;
  throw Error(ErrorKind::OutOfMemory, std::string(what) + " of " + std::to_string(bytes) +
                                          " bytes would be larger than " + std::to_string(limit) +
                                          " (Limits::hostBytes)");
}

uint64_t Vm::allocate(uint64_t size) {
  ++running_.crossings;
  if (host_.faults.allocationFails()) return 0;
  struct Restrict {
    Restriction& restriction;
    Restriction before;
    ~Restrict() { restriction = before; }
  } restrict {restriction_, std::exchange(restriction_, Restriction::Allocating)};
  const uint64_t raw[] = {size};
  const bool isMalloc = callbacks_.malloc.function.has_value();
  const std::string_view name = isMalloc ? callbacks_.malloc.name : callbacks_.proxy_on_memory_allocate.name;
  Record record(*this, Crossing::Kind::Allocation, name, context());
  record.complete([&](Crossing& crossing) { crossing.arguments = callbackArguments(name, raw); });
  const uint64_t address = guest_->call(*allocator_, raw);
  record.complete([&](Crossing& crossing) {
    crossing.results = callbackResults(name, address);
    crossing.returned = true;
  });
  if (address == 0 || memory().at(address, size) == nullptr) return 0;
  return address;
}

}  // namespace sluice::host
