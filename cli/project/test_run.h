// One run of `sluice test`: the suites of a project, and scenarios on each host.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "project/project.h"

namespace sluice::cli {

/// What `sluice test` is asked for.
struct TestOptions {
  std::vector<std::filesystem::path> paths;    ///< Scenarios and folders of them; none: all of the project.
  std::vector<std::filesystem::path> modules;  ///< What the scenarios play; none: what the project builds.
  std::string host;                            ///< "mock", "native", "envoy", "all"; empty: see hostsOf().
  std::string envoy;                           ///< The Envoy to run; empty: the one that is found.
  std::string filter;                          ///< A regular expression that the tests' names must match.
  std::filesystem::path junit;                 ///< The file for the results in JUnit's format; empty: none.
  size_t jobs = 0;                             ///< How many tests run at a time; 0: as many as there are processors.
  size_t exchange = 0;                         ///< The only one to play, counted from 1; 0 for all.
  bool verbose = false;
  bool watch = false;
  bool failFast = false;
  bool noBuild = false;  ///< Test what is built already.
};

/// Builds what is needed, runs everything once, prints what happened and returns the worst exit code. What concerns one
/// scenario is that scenario's error; throws std::runtime_error for what concerns the run as a whole.
int runTests(const TestOptions& options);

/// The files and folders on which the results of a run depend.
std::vector<std::filesystem::path> watchedBy(const TestOptions& options);

}  // namespace sluice::cli
