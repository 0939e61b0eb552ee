#include "project/run_program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <thread>

#include "players/leftovers.h"
#include "project/project.h"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kExecFailed = 127;

// Runs in the child between fork and exec, so it must not allocate memory. The child leads a group, so that a signal
// can reach all that it starts.
[[noreturn]] void becomeProgram(const char* program, char* const* arguments, char* const* environment, int output) {
  ::setpgid(0, 0);
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  sigset_t none;  // This program may have blocked signals; a program starts with none blocked.
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int devNull = ::open("/dev/null", O_RDWR);
  ::dup2(devNull, STDIN_FILENO);
  ::dup2(output < 0 ? devNull : output, STDOUT_FILENO);
  ::execve(program, arguments, environment);
  ::_exit(kExecFailed);
}

std::vector<char*> pointersTo(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environmentWith(const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> texts;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    bool isReplaced = false;
    for (const auto& [name, value] : added) isReplaced = isReplaced || text.starts_with(name + "=");
    if (!isReplaced) texts.push_back(text);
  }
  for (const auto& [name, value] : added) texts.push_back(name + "=" + value);
  return texts;
}

int wait(pid_t child) {
  constexpr std::chrono::milliseconds kLongest(10);
  for (std::chrono::milliseconds step(1);; step = std::min(step * 2, kLongest)) {
    if (const auto status = scenario::reapChild(child)) return *status;
    std::this_thread::sleep_for(step);
  }
}

}  // namespace

fs::path findOnPath(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path candidate = fs::path(folder.empty() ? "." : folder) / name;
    std::error_code error;
    if (fs::is_regular_file(candidate, error) && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

std::string runProgram(const std::vector<std::string>& arguments, ProgramOutput output,
                       const std::vector<std::pair<std::string, std::string>>& environment) {
  const fs::path program =
      arguments.front().find('/') == std::string::npos ? findOnPath(arguments.front()) : fs::path(arguments.front());
  if (program.empty()) {
    throw ProjectError("there is no `" + arguments.front() +
                       "` on PATH; install CMake 3.22 or newer, for example with " + "`pip install cmake ninja`");
  }
  const auto texts = environmentWith(environment);
  const auto argumentPointers = pointersTo(arguments);
  const auto environmentPointers = pointersTo(texts);
  const int to = output == ProgramOutput::Nowhere  ? -1
                 : output == ProgramOutput::Report ? STDOUT_FILENO
                                                   : STDERR_FILENO;
  const pid_t child = scenario::startChild([&] {
    const pid_t pid = ::fork();
    if (pid == 0) becomeProgram(program.c_str(), argumentPointers.data(), environmentPointers.data(), to);
    if (pid > 0) ::setpgid(pid, pid);  // Whichever of the two comes first.
    return pid;
  });
  if (child < 0) throw ProjectError(program.string() + " cannot be started: " + std::strerror(errno));
  const int status = wait(child);
  if (WIFSIGNALED(status)) {
    return "signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")";
  }
  return WEXITSTATUS(status) == 0 ? "" : "exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace sluice::cli
