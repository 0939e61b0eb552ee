// An instance of a module: its contexts, and how they call the guest.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "abi/callbacks.h"
#include "sluice/host/error.h"
#include "sluice/host/plugin_options.h"
#include "sluice/host/profile.h"

namespace sluice::host {

class Context;

/// The part of a VM that contexts use.
class Instance : public std::enable_shared_from_this<Instance> {
 public:
  /// `options` are the options of the plugin that the instance was made for: vm_id, VM configuration, environment,
  /// limits.
  Instance(const PluginOptions& options, int abiVersion) : options_(options), abiVersion_(abiVersion) {}
  virtual ~Instance() = default;
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  [[nodiscard]] const PluginOptions& options() const { return options_; }
  /// The ABI version: 10, 20 or 21.
  [[nodiscard]] int abiVersion() const { return abiVersion_; }
  [[nodiscard]] const Callbacks& callbacks() const { return callbacks_; }
  /// The trap that ended the instance, or nothing while it is alive.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

  // --- Calls into the guest
  /// Calls a callback in `context`. Returns nothing when the module does not export it, the instance has already
  /// failed, or the callback traps.
  template <class Result, class... Params>
  std::optional<uint64_t> call(const Callback<Result(Params...)>& callback, Context& context,
                               Argument<Params>... arguments) {
    if (!callback.function || failure_) return std::nullopt;
    const uint64_t raw[] = {toRaw(arguments)...};
    return invoke(*callback.function, callback.name, context, raw);
  }
  /// Calls a headers callback; ABI 0.1.0 has no `end_of_stream`.
  std::optional<uint64_t> callHeaders(const HeadersCallback& callback, Context& context, uint32_t contextId,
                                      uint32_t headers, bool end);

  /// Spans one callback. Actions deferred with afterCall() run when the scope ends.
  class CallScope {
   public:
    explicit CallScope(Instance& instance) : instance_(instance) { ++instance_.callScopes_; }
    ~CallScope();
    CallScope(const CallScope&) = delete;
    CallScope& operator=(const CallScope&) = delete;

   private:
    Instance& instance_;
  };
  void afterCall(std::function<void()> action) { actions_.push_back(std::move(action)); }
  /// The number of deferred actions.
  [[nodiscard]] size_t actions() const { return actions_.size(); }
  /// How many callbacks are within each other.
  [[nodiscard]] uint32_t callScopes() const { return callScopes_; }
  /// Ignores the statuses that callbacks return until the end of the scope, because a local response replaces the
  /// message.
  void stopIteration() { iterationStopped_ = true; }
  [[nodiscard]] bool iterationStopped() const { return iterationStopped_; }

  /// Ends the instance as a trap does, for something that the guest did wrong outside of a hostcall.
  virtual void fail(const Error& error) = 0;

  // --- Contexts
  /// Adds a context and returns its id. The first context is the VM's own and gets 0.
  uint32_t addContext(Context* context);
  void removeContext(uint32_t id) { contexts_.erase(id); }
  /// The context with this id, or null.
  [[nodiscard]] Context* findContext(uint32_t id) const;

 protected:
  /// Calls an exported function. Returns nothing when it traps; the instance has then failed.
  virtual std::optional<uint64_t> invoke(uint32_t function, std::string_view name, Context& context,
                                         std::span<const uint64_t> raw) = 0;

  Callbacks callbacks_;
  std::optional<Error> failure_;

 private:
  template <class T>
  static uint64_t toRaw(T value) {
    if constexpr (sizeof(T) == 8) {
      return static_cast<uint64_t>(value);
    } else {
      return static_cast<uint32_t>(value);
    }
  }

  PluginOptions options_;
  int abiVersion_;
  std::map<uint32_t, Context*> contexts_;
  uint32_t nextContextId_ = 1;
  bool iterationStopped_ = false;
  uint32_t callScopes_ = 0;
  std::deque<std::function<void()>> actions_;
};

}  // namespace sluice::host
