// A VM: one instance of a module, the contexts in it, and the calls in both directions.
#pragma once

#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "guest/engine.h"
#include "sluice/host/counts.h"
#include "sluice/host/profile.h"

namespace sluice::host {

class Context;
class HostImpl;

/// A callback of the ABI as this module exports it, or does not.
template <class Function>
struct Callback {
  std::string_view name;
  std::optional<uint32_t> function;
};

/// What a host passes for a parameter: lengths are numbers like others.
template <class T>
using Argument = std::conditional_t<std::is_same_v<T, abi32::Size>, uint64_t, T>;

/// All callbacks of the ABI.
struct Callbacks {
#define SLUICE_CALLBACK_MEMBER(first, last, name, result, params) Callback<abi32::type::name> name{#name, {}};
  SLUICE_ABI_CALLBACKS(SLUICE_CALLBACK_MEMBER)
#undef SLUICE_CALLBACK_MEMBER
};

class Vm final : public Imports, public std::enable_shared_from_this<Vm> {
 public:
  /// `options` gives the vm_id, VM configuration, environment and limits.
  Vm(HostImpl& host, std::shared_ptr<Module> module, const PluginOptions& options);
  ~Vm() override;

  /// Links and initialises the module. Throws an Error when the module is at fault; a trap makes the VM a failed one.
  void start();

  HostImpl& host() { return host_; }
  const PluginOptions& options() const { return options_; }
  int abiVersion() const { return module_->abiVersion(); }
  Guest& guest() { return *guest_; }
  const Callbacks& callbacks() const { return callbacks_; }

  // --- Calls into the guest
  /// Calls a callback in `context`. Nothing when the module does not export it or the VM has failed (before or by it).
  template <class Result, class... Params>
  std::optional<uint64_t> call(const Callback<Result(Params...)>& callback, Context& context,
                               Argument<Params>... arguments) {
    if (!callback.function || failure_) return std::nullopt;
    const uint64_t raw[] = {toRaw(arguments)...};
    return invoke(*callback.function, callback.name, context, raw);
  }
  /// The headers callbacks: 0.1.0 has no `end_of_stream`.
  std::optional<uint64_t> callHeaders(const Callback<abi32::type::proxy_on_request_headers>& callback, Context& context,
                                      uint32_t headers, bool end);
  /// Any exported function, for tests; throws the trap.
  uint64_t callRaw(std::string_view function, std::span<const uint64_t> arguments, Context& context);

  /// Holds the guest's view of "the callback that runs now"; actions that hostcalls put off run when it ends.
  class CallScope {
   public:
    explicit CallScope(Vm& vm) : vm_(vm) {}
    ~CallScope();
    CallScope(const CallScope&) = delete;
    CallScope& operator=(const CallScope&) = delete;

   private:
    Vm& vm_;
  };
  void afterCall(std::function<void()> action) { actions_.push_back(std::move(action)); }
  /// Statuses are ignored from here to the end of the scope: a local response takes over.
  void stopIteration() { iterationStopped_ = true; }
  bool iterationStopped() const { return iterationStopped_; }

  const std::optional<Error>& failure() const { return failure_; }
  void fail(const Error& error);

  // --- Calls out of the guest
  Function find(std::string_view module, std::string_view name) override;
  uint64_t call(uint32_t id, std::span<const uint64_t> arguments) override;
  /// The context that hostcalls act on: the effective one, or the one that the running callback is for.
  Context& context();
  /// The context that the running callback is for.
  Context& currentContext() { return *current_; }
  Status setEffectiveContext(uint32_t id);
  GuestMemory& memory() { return guest_->memory(); }
  /// Asks the guest for memory; 0 when it gives none.
  uint64_t allocate(uint64_t size);
  void countBytes(uint64_t bytes) { running_.bytesCopied += bytes; }

  // --- Contexts
  uint32_t addContext(Context* context);
  void removeContext(uint32_t id) { contexts_.erase(id); }
  Context* findContext(uint32_t id);

  /// Ids of callouts carry their kind in the two low bits, as in the reference host: HTTP calls, gRPC calls, gRPC
  /// streams.
  uint32_t nextHttpCallId() { return lastHttpCallId_ += 4; }
  uint32_t nextGrpcCallId() { return lastGrpcCallId_ += 4; }
  uint32_t nextGrpcStreamId() { return lastGrpcStreamId_ += 4; }

  const CountsByCallback& counts() const { return counts_; }

 private:
  enum class Restriction { None, Initialising, Allocating };

  template <class T>
  static uint64_t toRaw(T value) {
    if constexpr (sizeof(T) == 8) {
      return static_cast<uint64_t>(value);
    } else {
      return static_cast<uint32_t>(value);
    }
  }
  void findCallbacks();
  std::optional<uint64_t> invoke(uint32_t function, std::string_view name, Context& context,
                                 std::span<const uint64_t> raw);
  uint64_t run(uint32_t function, std::string_view name, Context& context, std::span<const uint64_t> raw);
  void checkRestriction(std::string_view module, std::string_view name) const;

  HostImpl& host_;
  std::shared_ptr<Module> module_;
  PluginOptions options_;
  std::unique_ptr<Guest> guest_;
  Callbacks callbacks_;
  std::optional<uint32_t> allocator_;

  std::map<uint32_t, Context*> contexts_;
  std::unique_ptr<Context> vmContext_;  // Context 0, for initialisation and allocation.
  uint32_t nextContextId_ = 1;
  uint32_t lastHttpCallId_ = 0;
  uint32_t lastGrpcCallId_ = 1;
  uint32_t lastGrpcStreamId_ = 2;
  Context* current_ = nullptr;
  uint32_t effective_ = 0;

  Restriction restriction_ = Restriction::None;
  bool iterationStopped_ = false;
  std::deque<std::function<void()>> actions_;
  std::optional<Error> failure_;

  CountsByCallback counts_;
  Counts running_;  // The callback that runs now.
};

}  // namespace sluice::host
