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

/// Limits on what a guest may consume.
struct Limits {
  uint64_t instructions = 1'000'000'000;  ///< For one callback; more is an error of kind OutOfSteps.
  uint32_t memoryPages = 16'384;          ///< In 64-KiB pages (1 GiB, as in the reference host); growing beyond fails.
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
