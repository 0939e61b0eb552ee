// A description of a WebAssembly module for people: what it imports and exports, and where its bytes go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::cli {

/// A section of a module.
struct ModuleSection {
  std::string name;  ///< "Code", "Data" …, or a custom section's own name in quotes.
  size_t bytes = 0;  ///< The size of its content.
};

/// A custom section that tells something about the module.
struct ModuleMetadata {
  std::string name;     ///< The section's name.
  std::string content;  ///< Its content, if it is text or has a known form ("+bulk-memory, +sign-ext"); else empty.
};

/// A function that the module imports.
struct ImportedFunction {
  std::string module;     ///< "env" for the ABI's hostcalls, "wasi_snapshot_preview1" for WASI.
  std::string name;       ///< The function's name.
  std::string signature;  ///< "(i32, i32) -> i32".
};

/// A function that the module defines.
struct DefinedFunction {
  std::string name;  ///< From the name section (C++ names are demangled), else the export's name, else "func[N]".
  size_t bytes = 0;  ///< The size of its body.
};

/// What a module consists of.
struct ModuleSummary {
  size_t bytes = 0;                        ///< The whole module's size.
  std::string abiVersion;                  ///< "0.2.1"; empty if the module exports none.
  std::vector<ModuleSection> sections;     ///< In the module's order.
  std::vector<ImportedFunction> imports;   ///< In the module's order.
  std::vector<std::string> otherImports;   ///< "global env.x": imports that are no functions.
  std::vector<std::string> callbacks;      ///< Exported functions of the ABI: proxy_on_*, sorted.
  std::vector<std::string> otherExports;   ///< The other exports, sorted.
  std::vector<DefinedFunction> functions;  ///< The largest first.
  bool hasFunctionNames = false;           ///< Whether the module has a name section for functions.
  size_t memories = 0;                     ///< The number of memories; a filter has one.
  uint64_t initialPages = 0;               ///< The first memory's initial size in 64-KiB pages.
  std::optional<uint64_t> maximumPages;    ///< The first memory's maximum, if it has one.
  std::vector<ModuleMetadata> metadata;    ///< Custom sections other than names, producers and debug information.
  std::vector<std::string> producers;      ///< "language C++17", "processed-by clang 22.1.8" ….
};

/// Reads a module. `name` stands for the module in messages. Throws std::runtime_error with the offset and the fault if
/// `bytes` are not a valid module's structure; code is not validated.
ModuleSummary summarizeModule(std::string_view bytes, const std::string& name);

}  // namespace sluice::cli
