// A VM: one instance of a module, and the calls between it and the host.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "abi/caller.h"
#include "abi/context.h"
#include "abi/host_services.h"
#include "abi/instance.h"
#include "calls/call_environment.h"
#include "guest/engine.h"
#include "sluice/host/counts.h"
#include "sluice/host/plugin_options.h"

namespace sluice::host {

class Vm final : public Instance, public Caller, public Imports {
 public:
  /// The VM keeps `vmIdHold` for as long as it lives.
  Vm(HostServices& host, std::shared_ptr<Module> module, const PluginOptions& options, std::shared_ptr<void> vmIdHold);
  ~Vm() override;

  /// Links and initialises the module. Throws an Error when the module is faulty. After a trap, the VM has failed.
  void start();

  Guest& guest() { return *guest_; }
  CallIds& callIds() { return callIds_; }
  [[nodiscard]] const CountsByCallback& counts() const { return counts_; }
  /// Calls any exported function, for tests. Throws an Error when it traps.
  uint64_t callRaw(std::string_view function, std::span<const uint64_t> arguments, Context& context);

  // --- Imports: called by the guest
  Function find(std::string_view module, std::string_view name) override;
  uint64_t call(uint32_t id, std::span<const uint64_t> arguments) override;
  const char* environment(std::string_view name) override;

  // --- Caller: used by hostcalls
  GuestMemory& memory() override { return guest_->memory(); }
  uint64_t allocate(uint64_t size) override;
  void countBytes(uint64_t bytes) override;
  void charge(uint64_t steps) override { guest_->charge(steps); }
  void checkRoom(uint64_t bytes, std::string_view what) override;
  void checkSize(uint64_t bytes, std::string_view what) override;
  Context& context() override;
  Status setEffectiveContext(uint32_t id) override;
  HostServices& host() override { return host_; }

  void fail(const Error& error) override;

 private:
  enum class Restriction { None, Initialising, Allocating };

  class Record;

  void findCallbacks();
  std::optional<uint64_t> invoke(uint32_t function, std::string_view name, Context& context,
                                 std::span<const uint64_t> raw) override;
  uint64_t run(uint32_t function, std::string_view name, Context& context, std::span<const uint64_t> raw);
  /// Performs a call of WASI or of Emscripten's runtime.
  uint64_t callRuntime(uint32_t id, std::span<const uint64_t> arguments);
  void checkRestriction(std::string_view module, std::string_view name) const;
  void checkCallbacks();

  HostServices& host_;
  std::shared_ptr<void> vmIdHold_;
  std::shared_ptr<Module> module_;
  std::unique_ptr<Guest> guest_;
  std::optional<uint32_t> allocator_;
  std::unique_ptr<Context> vmContext_;  // Context 0, for initialisation and allocation.
  CallIds callIds_;

  Context* current_ = nullptr;
  uint32_t effective_ = 0;
  Restriction restriction_ = Restriction::None;

  CountsByCallback counts_;
  Counts running_;                       // The cost of the running callback.
  uint64_t instructionsAtCrossing_ = 0;  // When the latest recorded crossing began or ended.
};

}  // namespace sluice::host
