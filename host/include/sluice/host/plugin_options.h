// The configuration of a filter.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace sluice::host {

/// What the proxy does with requests after a VM has failed (Envoy's `failure_policy`). Under every policy, the request
/// in which the trap happens gets an empty 503. Where an HTTP request gets a 503, a TCP connection is closed.
enum class FailPolicy {
  Closed,  ///< Later requests get a 503 (Envoy's default).
  Open,    ///< Later requests bypass the filter.
  Reload,  ///< The next request starts a new VM, at most once a second: until then, requests get a 503.
};

/// Limits on what a guest may consume and make the host do. The error of a guest that exceeds one names it. A native
/// filter has the limits of the host only: hostBytes, callbacks and callbackDepth.
struct Limits {
  /// The steps of one callback; more is an error of kind OutOfSteps. An instruction is one step. One that moves or
  /// clears memory is one more for every 64 bytes, or for every element of a table; a hostcall is one for every 64
  /// bytes that it copies and every header that it looks at.
  uint64_t instructions = 1'000'000'000;
  uint32_t memoryPages = 16'384;        ///< In 64-KiB pages (1 GiB, as in the reference host); growing beyond fails.
  uint32_t callDepth = 10'000;          ///< Calls of functions within each other; one more traps.
  uint64_t stackValues = 1'000'000;     ///< Locals and operands of all functions on the stack; more is a trap.
  uint64_t tableElements = 10'000'000;  ///< In all tables, as in V8; growing beyond fails.
  /// The bytes that the host keeps for guests: log lines, shared data, queues, metrics and the records of calls of all
  /// VMs together; and by itself each header map, body, and set of a stream's properties. More is an error of kind
  /// OutOfMemory.
  uint64_t hostBytes = 1 << 30;
  /// The callbacks that may follow from one action of the test, or from one timer, before time passes; more is an error
  /// of kind OutOfSteps. A reply that calls again, and queues that feed each other, would run for ever.
  uint64_t callbacks = 100'000;
  /// Callbacks within each other, as when a callback continues a stream whose next callback continues it again; one
  /// more traps.
  uint32_t callbackDepth = 200;
};

/// The configuration of one filter, as in Envoy's PluginConfig. Loading the same configuration twice makes two root
/// contexts; in Envoy, filters of one VM with the same name, root_id and configuration share one root context.
struct PluginOptions {
  std::string name = {};    ///< The plugin_name; also the prefix of log lines.
  std::string rootId = {};  ///< The root_id: distinguishes the filters in one module.
  std::string vmId = {};    ///< Filters with the same module, vmId, vmConfiguration and worker share a VM.
  /// The worker thread that the plugin runs in. Envoy runs a plugin in one VM for each worker thread, and in one more
  /// for the main thread. Filters with different workers never share a VM; VMs with the same vmId share data and
  /// queues.
  uint32_t worker = 0;
  std::string vmConfiguration = {};                     ///< The VM configuration, for on_vm_start.
  std::string configuration = {};                       ///< The plugin configuration, for on_configure.
  std::map<std::string, std::string> environment = {};  ///< What the guest reads with environ_get.
  FailPolicy failPolicy = FailPolicy::Closed;           ///< What the proxy does with requests after a trap.
  Limits limits = {};                                   ///< Limits on what the guest may consume.
};

}  // namespace sluice::host
