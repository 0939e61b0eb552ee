// The exit codes of `sluice`. All subcommands use the same.
#pragma once

namespace sluice::cli {

inline constexpr int kExitOk = 0;      ///< Every expectation was met.
inline constexpr int kExitFailed = 1;  ///< An expectation was not met.
inline constexpr int kExitUsage = 2;   ///< A flag or an input file is wrong.
/// The host is missing, does not start, or cannot load the filter; or the output cannot be written.
inline constexpr int kExitHost = 3;

inline constexpr const char* kExitCodeHelp =
    "Exit codes: 0 all is as expected, 1 it is not, 2 a flag or an input file is wrong,\n"
    "3 the host is missing, does not start, or cannot load the filter, or the output cannot be written.";

}  // namespace sluice::cli
