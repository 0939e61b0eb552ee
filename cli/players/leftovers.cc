#include "players/leftovers.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "players/player.h"

namespace sluice::scenario {
namespace {

namespace fs = std::filesystem;

struct Leftovers {
  std::mutex mutex;
  std::set<fs::path> folders;
  std::set<pid_t> children;
  std::function<void(int)> handler;  // See finishOnSignal().
};

// Never destroyed: a signal can come while the program ends.
Leftovers& leftovers() {
  static auto* instance = new Leftovers;
  return *instance;
}

// Ends a child that leads a process group, with all that it has started. A build that is interrupted removes what it
// has half written, so the group is asked first.
void endGroup(pid_t leader) {
  ::kill(-leader, SIGINT);
  for (int tries = 0; tries < 300; ++tries) {
    ::waitpid(leader, nullptr, WNOHANG);
    if (::kill(-leader, 0) != 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ::kill(-leader, SIGKILL);
}

void cleanUp() {
  for (const pid_t child : leftovers().children) {
    if (::getpgid(child) == child) endGroup(child);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  for (const auto& folder : leftovers().folders) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
}

std::function<void(int)> takeHandler() {
  const std::lock_guard lock(leftovers().mutex);
  return std::exchange(leftovers().handler, nullptr);
}

// Waits for one of the signals that nothing else handles, and ends the program.
void handleSignals(sigset_t signals) {
  int signal = 0;
  while (::sigwait(&signals, &signal) == 0) {
    const auto handler = takeHandler();
    if (!handler) endBySignal(signal);
    handler(signal);
  }
}

bool isIgnored(int signal) {
  struct sigaction action{};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

fs::path makeFolder() {
  std::error_code error;
  const fs::path parent = fs::temp_directory_path(error);
  if (error) {
    throw PlayerError("there is no folder for temporary files: " + error.message() + "; name one in $TMPDIR");
  }
  std::string name = (parent / "sluice-XXXXXX").string();
  const std::lock_guard lock(leftovers().mutex);
  if (::mkdtemp(name.data()) == nullptr) {
    throw PlayerError("no temporary folder can be made as " + name + ": " + std::strerror(errno));
  }
  leftovers().folders.insert(name);
  return name;
}

void removeFolder(const fs::path& folder) {
  const std::lock_guard lock(leftovers().mutex);
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  leftovers().folders.erase(folder);
}

pid_t startChild(const std::function<pid_t()>& fork) {
  const std::lock_guard lock(leftovers().mutex);
  const pid_t child = fork();
  if (child > 0) leftovers().children.insert(child);
  return child;
}

std::optional<int> reapChild(pid_t child) {
  const std::lock_guard lock(leftovers().mutex);
  int status = 0;
  if (::waitpid(child, &status, WNOHANG) != child) return std::nullopt;
  leftovers().children.erase(child);
  return status;
}

void cleanUpOnSignals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  bool any = false;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (isIgnored(signal)) continue;
    ::sigaddset(&signals, signal);
    any = true;
  }
  if (!any) return;
  leftovers();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread(handleSignals, signals).detach();
}

void finishOnSignal(std::function<void(int signal)> handler) {
  const std::lock_guard lock(leftovers().mutex);
  leftovers().handler = std::move(handler);
}

void endBySignal(int signal) {
  leftovers().mutex.lock();  // Never released: nothing is made any more.
  cleanUp();
  std::signal(signal, SIG_DFL);
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  ::raise(signal);
  std::abort();
}

}  // namespace sluice::scenario
