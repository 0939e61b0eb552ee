// A filter compiled for the build machine as a shared library. It has the same callbacks and hostcalls, and gdb and the
// sanitizers work on it.
#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <type_traits>
#include <utility>
#include <vector>

#include "abi/abi32.h"
#include "guest/engine.h"
#include "sluice/native_export.h"

namespace sluice::host {
namespace {

class NativeGuest;
// The guest whose code runs in this thread. Its hostcalls are plain C calls that do not name the caller.
thread_local NativeGuest* current = nullptr;
bool trapped = false;  // Whether any guest in this program has trapped.

class NativeMemory final : public GuestMemory {
 public:
  // These are real pointers. Only null is checked; the sanitizers find the other faults.
  char* at(uint64_t address, uint64_t size) override {
    static char empty;
    if (address == 0) return size == 0 ? &empty : nullptr;
    return reinterpret_cast<char*>(address);
  }
  [[nodiscard]] size_t wordSize() const override { return sizeof(void*); }
};

/// Calls a callback with integer arguments and returns an integer.
using Thunk = uint64_t (*)(void (*)(), std::span<const uint64_t>);

template <class T>
T fromRaw(uint64_t raw) {
  if constexpr (std::is_pointer_v<T>) {
    return reinterpret_cast<T>(raw);
  } else {
    return static_cast<T>(raw);
  }
}

template <class T>
uint64_t toRaw(T value) {
  if constexpr (std::is_pointer_v<T>) {
    return reinterpret_cast<uint64_t>(value);
  } else if constexpr (std::is_enum_v<T> || sizeof(T) == 4) {
    return static_cast<uint32_t>(value);
  } else {
    return static_cast<uint64_t>(value);
  }
}

template <class Function>
struct Caller;
template <class Result, class... Params>
struct Caller<Result(Params...)> {
  static uint64_t call(void (*function)(), std::span<const uint64_t> raw) {
    return spread(reinterpret_cast<Result (*)(Params...)>(function), raw, std::index_sequence_for<Params...>());
  }
  template <size_t... I>
  static uint64_t spread(Result (*function)(Params...), std::span<const uint64_t> raw, std::index_sequence<I...>) {
    if constexpr (std::is_void_v<Result>) {
      function(fromRaw<Params>(raw[I])...);
      return 0;
    } else {
      return toRaw(function(fromRaw<Params>(raw[I])...));
    }
  }
};

struct CallbackType {
  Thunk thunk;
  size_t params;
};

const std::map<std::string_view, CallbackType>& callbackTypes() {
  static const std::map<std::string_view, CallbackType> types = {
#define SLUICE_CALLBACK_TYPE(first, last, name, result, parameters) \
  {#name, {&Caller<abi::type::name>::call, abi32::SignatureOf<abi32::type::name>::get().params.size()}},
      SLUICE_ABI_CALLBACKS(SLUICE_CALLBACK_TYPE)
#undef SLUICE_CALLBACK_TYPE
  };
  return types;
}

/// Private copies of a library, one for each VM after the first; removed when the program ends.
class Copies {
 public:
  ~Copies() {
    for (const auto& path : made_) {
      std::error_code ignored;
      std::filesystem::remove(path, ignored);
    }
  }
  /// The path to open for the next VM: first the library itself, then copies.
  std::filesystem::path next(const std::filesystem::path& library) {
    std::lock_guard lock(mutex_);
    if (used_.insert(library).second) return library;
    std::string path = (std::filesystem::temp_directory_path() / "sluice-XXXXXX.so").string();
    int file = mkstemps(path.data(), 3);
    if (file < 0)
      throw Error(ErrorKind::File, path + ": cannot create a copy of " + library.string() + " for a second VM.");
    close(file);
    made_.push_back(path);
    std::filesystem::copy_file(library, path, std::filesystem::copy_options::overwrite_existing);
    return path;
  }

 private:
  std::mutex mutex_;
  std::set<std::filesystem::path> used_;
  std::vector<std::filesystem::path> made_;
};

Copies& copies() {
  static Copies copies;
  return copies;
}

class NativeGuest final : public Guest {
 public:
  NativeGuest(std::filesystem::path library, Imports& imports) : library_(std::move(library)), imports_(imports) {
    ids_.fill(kUnknown);
  }

  void start() override {
    std::filesystem::path path = copies().next(library_);
    Scope scope(this);
    // The library is never closed: leak checks at exit need its globals and its code.
    void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      throw Error(ErrorKind::Module,
                  library_.string() + ": the filter's native build cannot be loaded: " + dlerror() +
                      ". A missing proxy_* symbol means that the test was linked without exporting its "
                      "symbols (CMake: ENABLE_EXPORTS).");
    }
    auto* list = reinterpret_cast<abi::NativeExportsFunction*>(dlsym(handle, "sluice_native_exports"));
    if (list == nullptr) {
      throw Error(ErrorKind::NotProxyWasm, library_.string() +
                                               ": the library has no function sluice_native_exports, so it is "
                                               "not the native build of a filter. Build it with sluice_add_filter.");
    }
    for (const abi::NativeExport* entry = list(); entry != nullptr; entry = entry->next) {
      auto type = callbackTypes().find(entry->name);
      if (type != callbackTypes().end()) functions_.push_back({entry->name, entry->function, type->second});
    }
  }

  std::optional<uint32_t> find(std::string_view name, const Signature&) override { return find(name); }

  std::optional<uint32_t> find(std::string_view name) override {
    for (uint32_t i = 0; i < functions_.size(); ++i) {
      if (functions_[i].name == name) return i;
    }
    return std::nullopt;
  }

  uint64_t call(uint32_t function, std::span<const uint64_t> arguments) override {
    const Function& target = functions_[function];
    if (arguments.size() != target.type.params) {
      throw Error(ErrorKind::Usage, target.name + " takes " + std::to_string(target.type.params) + " parameters, not " +
                                        std::to_string(arguments.size()) + ".");
    }
    Scope scope(this);
    try {
      return target.type.thunk(target.function, arguments);
    } catch (const Error& error) {
      trapped = true;
      throw Error(error.kind(), error.what() + ("\n  at " + target.name));
    } catch (const std::exception& exception) {
      // A filter is compiled without exceptions: this one is the standard library's, which ends a module as well.
      trapped = true;
      const std::string line = std::string("an exception left the filter: ") + exception.what();
      log(line);
      throw Error(ErrorKind::Trap, "the guest trapped: " + line + "\n  at " + target.name);
    }
  }

  /// The environment of this guest's VM.
  const char* environment(std::string_view name) { return imports_.environment(name); }

  uint64_t hostcall(Hostcall hostcall, std::span<const uint64_t> arguments) {
    uint32_t& id = ids_[static_cast<size_t>(hostcall)];
    if (id == kUnknown) id = imports_.find("env", nameOf(hostcall)).id;
    return imports_.call(id, arguments);
  }

  GuestMemory& memory() override { return memory_; }
  [[nodiscard]] uint64_t instructions() const override { return 0; }
  void allowSteps(uint64_t) override {}
  void charge(uint64_t) override {}
  [[nodiscard]] uint32_t pages() const override { return 0; }

 private:
  static constexpr uint32_t kUnknown = UINT32_MAX;

  void log(const std::string& line) {
    const std::array<uint64_t, 3> arguments = {static_cast<uint64_t>(LogLevel::Critical),
                                               reinterpret_cast<uint64_t>(line.data()), line.size()};
    hostcall(Hostcall::proxy_log, arguments);
  }

  struct Function {
    std::string name;
    void (*function)();
    CallbackType type;
  };

  /// Marks this guest as the current one while its code runs.
  class Scope {
   public:
    explicit Scope(NativeGuest* guest) : previous_(std::exchange(current, guest)) {}
    ~Scope() { current = previous_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    NativeGuest* previous_;
  };

  std::filesystem::path library_;
  Imports& imports_;
  NativeMemory memory_;
  std::vector<Function> functions_;
  std::array<uint32_t, kHostcalls.size()> ids_{};
};

class NativeModule final : public Module {
 public:
  explicit NativeModule(std::filesystem::path path) : path_(std::move(path)), key_(path_.string()) {}
  [[nodiscard]] int abiVersion() const override { return 21; }
  std::unique_ptr<Guest> instantiate(Imports& imports, const Limits&) override {
    return std::make_unique<NativeGuest>(path_, imports);
  }
  [[nodiscard]] const std::string& key() const override { return key_; }

 private:
  std::filesystem::path path_;
  std::string key_;
};

/// The body of every hostcall of a native guest.
template <Hostcall hostcall, class Function>
struct Entry;
template <Hostcall hostcall, class... Params>
struct Entry<hostcall, Status(Params...)> {
  static Status call(Params... params) {
    if (current == nullptr) {
      throw Error(ErrorKind::Usage, std::string(nameOf(hostcall)) + " was called while no guest was running.");
    }
    const std::array<uint64_t, sizeof...(Params)> raw = {toRaw(params)...};
    return static_cast<Status>(current->hostcall(hostcall, raw));
  }
};

}  // namespace

std::shared_ptr<Module> loadNative(const std::filesystem::path& path) {
  return std::make_shared<NativeModule>(std::filesystem::absolute(path));
}

}  // namespace sluice::host

// A trap unwinds the guest's frames without running their destructors, so the leak check would report what they owned.
extern "C" int __lsan_is_turned_off() { return static_cast<int>(sluice::host::trapped); }

// A native guest's hostcalls are undefined symbols with the ABI's names. They are defined here from the ABI's table.
// The table's parameter lists name no arguments, so a function body could not use them. An indirect function (ifunc)
// needs no body: its resolver returns the template instance that does the work.
namespace sluice {  // The table names its types without the namespace.
extern "C" {
#define SLUICE_NATIVE_HOSTCALL(first, last, name, params)                                     \
  [[gnu::used]] static sluice::abi::type::name* resolve_##name() {                            \
    return &sluice::host::Entry<sluice::host::Hostcall::name, sluice::abi::type::name>::call; \
  }                                                                                           \
  Status name params __attribute__((ifunc("resolve_" #name), visibility("default")));
SLUICE_ABI_HOSTCALLS(SLUICE_NATIVE_HOSTCALL)
#undef SLUICE_NATIVE_HOSTCALL

/// Called by the SDK's getenv(): null for a variable that the plugin does not have.
__attribute__((visibility("default"))) const char* sluice_native_environment(const char* name) {
  return host::current == nullptr ? nullptr : host::current->environment(name);
}

/// The SDK calls this instead of executing a trap instruction.
[[noreturn]] __attribute__((visibility("default"))) void sluice_native_trap(const char* message) {
  throw host::Error(host::ErrorKind::Trap, std::string("the guest trapped: ") + message);
}
}
}  // namespace sluice
