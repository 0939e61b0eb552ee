#include "players/child_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <thread>

#include "players/leftovers.h"
#include "players/player.h"

namespace sluice::scenario {
namespace {

constexpr int kExecFailed = 127;

// Runs in the child between fork and exec, so it must not allocate memory.
[[noreturn]] void becomeProgram(char* const* arguments, int logFile, pid_t parent) {
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kExecFailed);  // The parent died before prctl.
#else
  static_cast<void>(parent);
#endif
  ::setpgid(0, 0);  // Ctrl-C is for this program, which then ends its children in order.
  sigset_t none;    // This program may have blocked signals; a program starts with none blocked.
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  const int devNull = ::open("/dev/null", O_RDONLY);
  ::dup2(devNull, STDIN_FILENO);
  ::dup2(logFile, STDOUT_FILENO);
  ::dup2(logFile, STDERR_FILENO);
  ::execv(arguments[0], arguments);
  const char* reason = std::strerror(errno);
  const ssize_t written = ::write(STDERR_FILENO, reason, std::strlen(reason));
  static_cast<void>(written);
  ::_exit(kExecFailed);
}

std::string described(int status) {
  if (!WIFSIGNALED(status)) return "exit code " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  return "signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
  std::vector<char*> pointers;
  for (const auto& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  const int logFile = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (logFile < 0) throw PlayerError(log.string() + " cannot be written: " + std::strerror(errno));
  const pid_t parent = ::getpid();
  pid_ = startChild([&] {
    const pid_t child = ::fork();
    if (child == 0) becomeProgram(pointers.data(), logFile, parent);
    return child;
  });
  const int error = errno;
  ::close(logFile);
  if (pid_ < 0) throw PlayerError(arguments.front() + " cannot be started: " + std::strerror(error));
}

ChildProcess::~ChildProcess() { terminate(); }

std::optional<std::string> ChildProcess::ended() {
  if (ended_) return ended_;
  if (const auto status = reapChild(pid_)) ended_ = described(*status);
  return ended_;
}

std::optional<std::string> ChildProcess::wait(std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds kStep(5);
  for (auto waited = std::chrono::milliseconds(0); !ended() && waited < limit; waited += kStep) {
    std::this_thread::sleep_for(kStep);
  }
  return ended_;
}

std::chrono::nanoseconds ChildProcess::cpuTime() const {
  clockid_t clock{};
  timespec time{};
  if (ended_ || ::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

void ChildProcess::terminate() {
  if (ended()) return;
  ::kill(pid_, SIGTERM);
  if (wait(std::chrono::seconds(10))) return;
  ::kill(pid_, SIGKILL);
  wait(std::chrono::seconds(10));
}

}  // namespace sluice::scenario
