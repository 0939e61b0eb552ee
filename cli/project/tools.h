// The tools that filters are built and tested with, and whether they work on this machine.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "project/installation.h"

namespace sluice::cli {

/// What came of trying a tool.
enum class ToolState {
  Works,    ///< It was run, and did what it has to.
  Missing,  ///< It is not here.
  TooOld,   ///< It is here, in a version that does not fit.
  Broken,   ///< It is here, and does not do what it has to.
};

/// What a tool is needed for. Of all ModuleCompiler tools one is enough.
enum class ToolUse { Build, ModuleCompiler, NativeTests, Optional };

/// A tool, as it was found.
struct Tool {
  std::string name;                     ///< "clang (wasi)".
  ToolUse use = ToolUse::Optional;      ///<
  ToolState state = ToolState::Works;   ///<
  std::string detail = {};              ///< The version and path; or what is wrong.
  std::vector<std::string> fixes = {};  ///< Commands of which one mends it; empty if it works.
};

/// Tries all tools, and hands each to `report` when it was tried: some compile a few lines, which takes seconds.
void checkTools(const Installation& installation, const std::function<void(const Tool&)>& report);

/// Whether these tools build filters and run their tests.
bool areEnough(const std::vector<Tool>& tools);

}  // namespace sluice::cli
