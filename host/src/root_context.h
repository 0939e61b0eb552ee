// A plugin's root context: configuration, ticks, replies to callouts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "abi/context.h"
#include "calls/root_callouts.h"
#include "sluice/host/plugin_options.h"

namespace sluice::host {

/// The root context of a plugin. Each stream of the plugin has a stream context.
class RootContext final : public Context {
 public:
  RootContext(Instance& instance, std::shared_ptr<const PluginOptions> plugin, const CallEnvironment& calls);
  ~RootContext() override;

  /// Calls on_context_create and on_vm_start; returns false when the guest refuses or traps.
  bool start();
  /// Calls on_configure; returns false when the guest refuses or traps.
  bool configure();
  /// Calls on_done, and on_delete unless the guest wants to wait for proxy_done. Returns whether the context is
  /// deleted.
  bool shutdown();
  /// Calls on_foreign_function with `arguments`.
  void foreignFunction(uint32_t id, std::string_view arguments);

  const HeaderMap* readableMap(MapType map) override { return calls_.map(map); }
  BufferView buffer(BufferType type) override;
  Callouts* callouts() override { return &calls_; }
  [[nodiscard]] const RootCallouts& calls() const { return calls_; }
  Status setTickPeriod(uint32_t milliseconds) override;
  Status confirmDone() override;
  void queueReady(uint32_t queue) override;

 private:
  enum class End { Alive, WaitingForDone, Deleted };

  void tick();
  void deleteInGuest();

  Clock& clock_;
  RootCallouts calls_;
  bool created_ = false;
  bool configuring_ = false;
  End end_ = End::Alive;
  uint64_t tickPeriod_ = 0;  // In nanoseconds.
  uint64_t tickTimer_ = 0;
  std::string foreignArguments_;
};

}  // namespace sluice::host
