// How a filter is set up.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace sluice::host {

/// What becomes of requests after a VM has failed (Envoy's `failure_policy`). The request in which the trap happens
/// gets an empty 503 under each of them. Where they get a 503, TCP connections are closed.
enum class FailPolicy {
  Closed,  ///< Later requests get a 503 (Envoy's default).
  Open,    ///< Later requests pass as if the filter were not there.
  Reload,  ///< The VM starts anew with the next request, at most once a second: until then requests get a 503.
};

/// What a guest may consume.
struct Limits {
  uint64_t instructions = 1'000'000'000;  ///< For one callback; running longer is an error of kind OutOfSteps.
  uint32_t memoryPages = 16'384;  ///< 64-KiB pages (1 GiB, as the reference host has it); growing further fails.
};

/// One filter's configuration: what Envoy calls PluginConfig. Loading the same twice gives two root contexts; in Envoy
/// filters of one VM with the same name, root_id and configuration are one.
struct PluginOptions {
  std::string name = {};    ///< plugin_name; also the prefix of log lines.
  std::string rootId = {};  ///< Tells filters apart that share a module.
  std::string vmId = {};    ///< Filters with the same module, vmId, vmConfiguration and worker share a VM.
  /// Envoy runs a plugin in one VM for each worker thread (and one more for the main thread). VMs of different workers
  /// are different VMs, which share data and queues where their vmId is the same.
  uint32_t worker = 0;
  std::string vmConfiguration = {};                     ///< Handed to on_vm_start.
  std::string configuration = {};                       ///< Handed to on_configure.
  std::map<std::string, std::string> environment = {};  ///< What the guest's environ_get answers.
  FailPolicy failPolicy = FailPolicy::Closed;           ///< What becomes of requests after a trap.
  Limits limits = {};                                   ///< What the guest may consume.
};

}  // namespace sluice::host
