// Functions of the C library that end the process, wait for other threads, or ask about the world outside. In a native
// run they do what they do in a module: the end of the process is the end of the VM, there is one thread, the
// environment is the plugin's, the clock is the host's, and there are no files. What is printed is in printing.cc.
//
// Each function has a name of its own here, since the C library's headers declare theirs as visible to all. The linker
// knows them by the C library's names, and only this filter's calls reach them.
#include <pthread.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>

#include "sluice/clock.h"
#include "sluice/internal/runtime.h"

#define SLUICE_HIDDEN [[gnu::visibility("hidden")]]

/// The mock host's: the value of an environment variable of the plugin, or null. Other hosts of native filters, such as
/// fuzz targets, may lack it.
extern "C" [[gnu::weak]] const char* sluice_native_environment(const char* name);

namespace sluice::internal {

namespace {

// The host's clock; 1970 where the host does not say.
int64_t nanosecondsNow() { return currentTime().valueOr(Timestamp()).time_since_epoch().count(); }

}  // namespace

extern "C" {

[[noreturn]] SLUICE_HIDDEN void sluiceAbort() __asm__("abort");
void sluiceAbort() { fatal("abort() was called"); }

[[noreturn]] SLUICE_HIDDEN void sluiceExit(int) __asm__("exit");
void sluiceExit(int /*status*/) { fatal("exit() was called"); }

[[noreturn]] SLUICE_HIDDEN void sluiceQuickExit(int) __asm__("quick_exit");
void sluiceQuickExit(int /*status*/) { fatal("quick_exit() was called"); }

[[noreturn]] SLUICE_HIDDEN void sluiceExitAtOnce(int) __asm__("_Exit");
void sluiceExitAtOnce(int /*status*/) { fatal("_Exit() was called"); }

[[noreturn]] SLUICE_HIDDEN void sluiceAssertFail(const char* expression, const char* file, unsigned line,
                                                 const char* function) __asm__("__assert_fail");
void sluiceAssertFail(const char* expression, const char* file, unsigned line, const char* /*function*/) {
  fatal(std::string(file) + ":" + std::to_string(line) + ": assertion failed: " + expression);
}

// Where libc++ is a part of the filter, a second std::terminate() does not link: it ends the program.
#ifndef _LIBCPP_VERSION
[[noreturn]] SLUICE_HIDDEN void sluiceTerminate() __asm__("_ZSt9terminatev");
void sluiceTerminate() { fatal("std::terminate() was called"); }
#endif

SLUICE_HIDDEN const char* sluiceGetenv(const char* name) __asm__("getenv");
const char* sluiceGetenv(const char* name) {
  return sluice_native_environment == nullptr ? nullptr : sluice_native_environment(name);
}

SLUICE_HIDDEN std::FILE* sluiceOpen(const char* path, const char* mode) __asm__("fopen");
std::FILE* sluiceOpen(const char* /*path*/, const char* /*mode*/) {
  errno = ENOENT;
  return nullptr;
}

SLUICE_HIDDEN std::time_t sluiceTime(std::time_t* result) __asm__("time");
std::time_t sluiceTime(std::time_t* result) {
  const auto seconds = static_cast<std::time_t>(nanosecondsNow() / 1'000'000'000);
  if (result != nullptr) *result = seconds;
  return seconds;
}

#ifdef _LIBCPP_VERSION
// What libc++'s clocks ask.
SLUICE_HIDDEN int sluiceClockGettime(clockid_t clock, timespec* result) __asm__("clock_gettime");
int sluiceClockGettime(clockid_t /*clock*/, timespec* result) {
  constexpr int64_t kPerSecond = 1'000'000'000;
  const int64_t now = nanosecondsNow();
  *result = {.tv_sec = static_cast<std::time_t>(now / kPerSecond), .tv_nsec = static_cast<long>(now % kPerSecond)};
  return 0;
}
#endif
// What std::chrono's clocks return, in libstdc++ and on this machine: a count of nanoseconds.
SLUICE_HIDDEN int64_t sluiceSystemClock() __asm__("_ZNSt6chrono3_V212system_clock3nowEv");
int64_t sluiceSystemClock() { return nanosecondsNow(); }
SLUICE_HIDDEN int64_t sluiceSteadyClock() __asm__("_ZNSt6chrono3_V212steady_clock3nowEv");
int64_t sluiceSteadyClock() { return nanosecondsNow(); }

SLUICE_HIDDEN int sluiceCreateThread(pthread_t*, const pthread_attr_t*, void* (*)(void*),
                                     void*) __asm__("pthread_create");
int sluiceCreateThread(pthread_t* /*thread*/, const pthread_attr_t* /*attributes*/, void* (* /*run*/)(void*),
                       void* /*argument*/) {
  return EAGAIN;
}

// Also what std::mutex::lock() calls. A mutex that is locked already was locked by the one thread that there is.
SLUICE_HIDDEN int sluiceLock(pthread_mutex_t* mutex) __asm__("pthread_mutex_lock");
int sluiceLock(pthread_mutex_t* mutex) {
  const int status = pthread_mutex_trylock(mutex);
  if (status == EBUSY) fatal("a locked mutex would wait for ever: a filter has one thread");
  return status;
}

SLUICE_HIDDEN int sluiceWait(pthread_cond_t* condition, pthread_mutex_t* mutex) __asm__("pthread_cond_wait");
int sluiceWait(pthread_cond_t* /*condition*/, pthread_mutex_t* /*mutex*/) {
  fatal("waiting for a condition variable would wait for ever: a filter has one thread");
}

// No time passes in a callback. Also what std::condition_variable::wait_for() calls.
SLUICE_HIDDEN int sluiceTimedWait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                  const timespec* until) __asm__("pthread_cond_timedwait");
int sluiceTimedWait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* /*until*/) {
  return sluiceWait(condition, mutex);
}
SLUICE_HIDDEN int sluiceClockWait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                  const timespec* until) __asm__("pthread_cond_clockwait");
int sluiceClockWait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t /*clock*/, const timespec* /*until*/) {
  return sluiceWait(condition, mutex);
}

// std::condition_variable::wait()
SLUICE_HIDDEN void sluiceWaitForCondition(void* condition, void* lock) __asm__(
    "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE");
void sluiceWaitForCondition(void* /*condition*/, void* /*lock*/) {
  fatal("std::condition_variable::wait() would wait for ever: a filter has one thread");
}

}  // extern "C"

}  // namespace sluice::internal
