// A filter of a scenario.
#pragma once

#include <filesystem>
#include <string>

#include "sluice/host/plugin_options.h"

namespace sluice::scenario {

/// Which module a filter is, and how it is set up.
struct Filter {
  std::string module = {};          ///< The stem of the module's file; empty where there is only one module.
  std::filesystem::path file = {};  ///< The module's file, which the command line names: see useModules().
  host::PluginOptions options = {.name = "sluice"};
  bool allowOnHeadersStopIteration = false;  ///< Envoy's option of that name; see host::Profile.
};

}  // namespace sluice::scenario
