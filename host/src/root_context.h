// A plugin's root context: configuration, ticks, callouts' replies.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "context.h"

namespace sluice::host {

class RootContext final : public Context, public std::enable_shared_from_this<RootContext> {
 public:
  RootContext(Vm& vm, PluginImpl& plugin);
  ~RootContext() override;

  /// on_context_create and on_vm_start; false when the guest refuses or traps.
  bool start();
  /// on_configure; false when the guest refuses or traps.
  bool configure();
  /// on_done, and on_delete unless the guest wants to wait for proxy_done. Answers whether it is deleted.
  bool shutdown();
  /// proxy_done: NotFound unless the guest has asked to wait.
  Status done();

  void setTickPeriod(uint32_t milliseconds);
  void queueReady(uint32_t queue);
  void foreignFunction(uint32_t id, std::string_view arguments);

  const HeaderMap* readableMap(MapType map) override;
  BufferView buffer(BufferType type) override;

  /// What proxy_get_status answers.
  uint32_t statusCode = 0;
  std::string statusMessage;

 private:
  enum class End { Alive, WaitingForDone, Deleted };

  void tick();
  void deleteInGuest();

  bool created_ = false;
  bool configuring_ = false;
  End end_ = End::Alive;
  uint64_t tickPeriod_ = 0;  // Nanoseconds.
  uint64_t tickTimer_ = 0;
  std::string foreignArguments_;
};

}  // namespace sluice::host
