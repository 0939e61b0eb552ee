// The platforms that run filters: what each can load, and what it does not offer to a filter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "module/summary.h"

namespace sluice::cli {

/// A platform that runs filters.
struct Platform {
  std::string_view name = {};                           ///< "google-cloud": what `--platform` takes.
  std::string_view title = {};                          ///< "Google Cloud Service Extensions".
  std::vector<std::string_view> abiVersions = {};       ///< The ABI versions that it loads: "0.2.1" ….
  std::vector<std::string_view> refusedHostcalls = {};  ///< Hostcalls that a filter cannot use there.
  std::vector<std::string_view> refusedCallbacks = {};  ///< Callbacks that it never makes.
  std::optional<uint64_t> maxModuleBytes = {};          ///< The largest module that it takes.
  std::optional<uint64_t> maxMemoryPages = {};          ///< The most memory that a filter may have, in 64-KiB pages.
  std::vector<std::string_view> notes = {};             ///< What else to know, a sentence each.
};

/// All platforms, Envoy first.
const std::vector<Platform>& platforms();

/// The platform of a name, or null.
const Platform* findPlatform(std::string_view name);

/// Why `platform` does not load the module (`refused`), and what of it will not work there (`warnings`).
struct PlatformVerdict {
  std::vector<std::string> refused;
  std::vector<std::string> warnings;
};

/// Compares a module with a platform. `linkFailure` says why Envoy's own runtime cannot link it, empty if it can: all
/// platforms run that runtime; see loadFailure().
PlatformVerdict judge(const Platform& platform, const ModuleSummary& module, const std::string& linkFailure);

/// Why a host that links modules as Envoy does cannot load this one; empty if it can.
std::string loadFailure(const std::string& bytes, const std::string& name);

}  // namespace sluice::cli
