// A filter of a scenario.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "sluice/host/plugin_options.h"

namespace sluice::scenario {

/// A filter's module and configuration.
struct Filter {
  std::string module = {};          ///< The stem of the module's file; empty when there is only one.
  std::filesystem::path file = {};  ///< The module's file from the command line; see useModules().
  host::PluginOptions options = {.name = "sluice"};
  std::vector<std::pair<std::string, std::string>> sharedData = {};  ///< What its vm_id has before the filter starts.
  bool allowOnHeadersStopIteration = false;  ///< Envoy's option allow_on_headers_stop_iteration; see host::Profile.
};

}  // namespace sluice::scenario
