// What a program must not leave behind when a signal ends it: temporary folders and child processes.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>

namespace sluice::scenario {

/// Makes a temporary folder, which removeFolder() removes. Throws PlayerError when it cannot be made.
std::filesystem::path makeFolder();
void removeFolder(const std::filesystem::path& folder);

/// Starts a child process: `fork` forks and returns what ::fork() does, in both processes. If the child leads a process
/// group, a signal that ends this program ends the whole group.
pid_t startChild(const std::function<pid_t()>& fork);
/// The wait status of a child that has ended, or nothing while it runs.
std::optional<int> reapChild(pid_t child);

/// From now on SIGINT, SIGTERM and SIGHUP kill the children and remove the folders before they end this program as they
/// always do. A signal that is ignored already stays ignored. Call it before the program starts any thread.
void cleanUpOnSignals();

/// From now on the first of these signals calls `handler`, on a thread of its own, instead; the program then finishes
/// what it does and ends itself with endBySignal(). A second signal does what it always does.
void finishOnSignal(std::function<void(int signal)> handler);

/// Kills the children, removes the folders, and ends the program as `signal` does by default.
[[noreturn]] void endBySignal(int signal);

}  // namespace sluice::scenario
