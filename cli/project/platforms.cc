#include "project/platforms.h"

#include <algorithm>

#include "sluice/host/host.h"

namespace sluice::cli {
namespace {

constexpr uint64_t kPage = 64 * 1024;

const std::vector<std::string_view> kAbiVersions = {"0.1.0", "0.2.0", "0.2.1"};

// https://cloud.google.com/service-extensions/docs/plugins-overview names the subset of the ABI, and .../quotas the
// sizes: no timers, metrics, shared data, shared queues or calls to other services, no trailers, no TCP.
const std::vector<std::string_view> kNotOnGoogleCloud = {
    "proxy_set_tick_period_milliseconds",
    "proxy_http_call",
    "proxy_grpc_call",
    "proxy_grpc_stream",
    "proxy_grpc_send",
    "proxy_grpc_cancel",
    "proxy_grpc_close",
    "proxy_set_shared_data",
    "proxy_get_shared_data",
    "proxy_register_shared_queue",
    "proxy_resolve_shared_queue",
    "proxy_enqueue_shared_queue",
    "proxy_dequeue_shared_queue",
    "proxy_define_metric",
    "proxy_record_metric",
    "proxy_increment_metric",
    "proxy_get_metric",
};
const std::vector<std::string_view> kNeverOnGoogleCloud = {
    "proxy_on_request_trailers",          "proxy_on_response_trailers",           "proxy_on_new_connection",
    "proxy_on_downstream_data",           "proxy_on_downstream_connection_close", "proxy_on_upstream_data",
    "proxy_on_upstream_connection_close",
};

// Neither resource has a field for these options of Envoy's plugin.
constexpr std::string_view kMeshOptions =
    "Its resource has no field for allow_on_headers_stop_iteration, vm_id and reload_config.";

std::vector<Platform> makePlatforms() {
  return {
      {.name = "envoy", .title = "Envoy", .abiVersions = kAbiVersions},
      {.name = "istio",
       .title = "Istio",
       .abiVersions = kAbiVersions,
       .maxModuleBytes = 256 << 20,
       .notes = {kMeshOptions, "It fetches the image within 30 seconds; pin the manifest's digest."}},
      {.name = "envoy-gateway",
       .title = "Envoy Gateway",
       .abiVersions = kAbiVersions,
       .refusedCallbacks = {"proxy_on_new_connection", "proxy_on_downstream_data", "proxy_on_upstream_data"},
       .notes = {kMeshOptions, "One bad image voids the whole EnvoyExtensionPolicy: give the filter one of its own."}},
      {.name = "google-cloud",
       .title = "Google Cloud Service Extensions",
       .abiVersions = kAbiVersions,
       .refusedHostcalls = kNotOnGoogleCloud,
       .refusedCallbacks = kNeverOnGoogleCloud,
       .maxModuleBytes = 5 << 20,
       .maxMemoryPages = (16 << 20) / kPage,
       .notes = {"The module and its configuration have 5 MiB together, a VM has 16 MiB of memory.",
                 "The callbacks of one phase have a millisecond of CPU time, and change at most 128 KiB."}},
      {.name = "higress",
       .title = "Higress",
       .abiVersions = kAbiVersions,
       .maxModuleBytes = 256 << 20,
       .notes = {"Its WasmPlugin has Istio's fields, with defaultConfig and matchRules in place of pluginConfig."}},
  };
}

bool contains(const std::vector<std::string_view>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string mebibytes(uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

void judgeSizes(const Platform& platform, const ModuleSummary& module, PlatformVerdict& verdict) {
  if (platform.maxModuleBytes && module.bytes > *platform.maxModuleBytes) {
    verdict.refused.push_back("it takes modules of at most " + mebibytes(*platform.maxModuleBytes) + ", this one has " +
                              std::to_string(module.bytes) + " bytes");
  }
  if (!platform.maxMemoryPages) return;
  const std::string limit = mebibytes(*platform.maxMemoryPages * kPage);
  if (module.initialPages > *platform.maxMemoryPages) {
    verdict.refused.push_back("a filter has at most " + limit + " of memory there, this one starts with " +
                              mebibytes(module.initialPages * kPage));
  }
}

}  // namespace

const std::vector<Platform>& platforms() {
  static const std::vector<Platform> all = makePlatforms();
  return all;
}

const Platform* findPlatform(std::string_view name) {
  const auto& all = platforms();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Platform& each) { return each.name == name; });
  return found == all.end() ? nullptr : &*found;
}

PlatformVerdict judge(const Platform& platform, const ModuleSummary& module, const std::string& linkFailure) {
  PlatformVerdict verdict;
  if (!linkFailure.empty()) {
    verdict.refused.push_back(linkFailure);
  } else if (!contains(platform.abiVersions, module.abiVersion)) {
    verdict.refused.push_back("it does not know the ABI version " + module.abiVersion);
  }
  judgeSizes(platform, module, verdict);
  std::vector<std::string> hostcalls;
  for (const auto& import : module.imports) {
    if (import.module == "env" && contains(platform.refusedHostcalls, import.name)) hostcalls.push_back(import.name);
  }
  if (!hostcalls.empty()) verdict.warnings.push_back("the filter cannot use " + joined(hostcalls) + " there");
  std::vector<std::string> callbacks;
  for (const auto& callback : module.callbacks) {
    if (contains(platform.refusedCallbacks, callback)) callbacks.push_back(callback);
  }
  if (!callbacks.empty()) verdict.warnings.push_back("it never calls " + joined(callbacks));
  if (module.memories > 1) {
    verdict.warnings.push_back("the module has " + std::to_string(module.memories) +
                               " memories; only the first is used");
  }
  return verdict;
}

std::string loadFailure(const std::string& bytes, const std::string& name) {
  try {
    host::Host proxy;
    proxy.setLogLevel(LogLevel::Critical);
    const auto plugin = proxy.loadModule(bytes, name);
    return plugin->failure() ? plugin->failure()->what() : "";
  } catch (const host::Error& error) {
    return error.what();
  }
}

}  // namespace sluice::cli
