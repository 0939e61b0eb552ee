// The mutexes of <mutex> for a program with one thread. They know whether they are locked: to lock a mutex a second
// time, which elsewhere would wait for ever, ends the VM.
#pragma once

#include <mutex>
#include <tuple>

#include "sluice/one_thread/wait.h"

namespace sluice::one_thread {

class mutex {
 public:
  constexpr mutex() noexcept = default;
  mutex(const mutex&) = delete;
  mutex& operator=(const mutex&) = delete;

  void lock() {
    if (!try_lock()) waitForEver("std::mutex::lock()");
  }
  [[nodiscard]] bool try_lock() noexcept {
    if (locked_) return false;
    locked_ = true;
    return true;
  }
  void unlock() noexcept { locked_ = false; }

 private:
  bool locked_ = false;
};

class recursive_mutex {
 public:
  constexpr recursive_mutex() noexcept = default;
  recursive_mutex(const recursive_mutex&) = delete;
  recursive_mutex& operator=(const recursive_mutex&) = delete;

  void lock() noexcept {}
  [[nodiscard]] bool try_lock() noexcept { return true; }
  void unlock() noexcept {}
};

/// `Mutex` with calls that wait for some time: in vain, since nobody else could unlock it.
template <typename Mutex>
class Timed : public Mutex {
 public:
  template <typename Duration>
  [[nodiscard]] bool try_lock_for(const Duration& /*duration*/) noexcept {
    return this->try_lock();
  }
  template <typename Time>
  [[nodiscard]] bool try_lock_until(const Time& /*time*/) noexcept {
    return this->try_lock();
  }
};

class timed_mutex : public Timed<mutex> {};
class recursive_timed_mutex : public Timed<recursive_mutex> {};

template <typename... Mutexes>
void lock(Mutexes&... mutexes) {
  (mutexes.lock(), ...);
}

/// Returns -1, or the index of the first that is locked already; then none of them stays locked.
template <typename... Mutexes>
[[nodiscard]] int try_lock(Mutexes&... mutexes) {
  int locked = 0;
  if (((mutexes.try_lock() && (++locked, true)) && ...)) return -1;
  int index = 0;
  ((index++ < locked ? mutexes.unlock() : void()), ...);
  return locked;
}

template <typename... Mutexes>
class scoped_lock {
 public:
  explicit scoped_lock(Mutexes&... mutexes) : mutexes_(mutexes...) { one_thread::lock(mutexes...); }
  explicit scoped_lock(std::adopt_lock_t, Mutexes&... mutexes) : mutexes_(mutexes...) {}
  scoped_lock(const scoped_lock&) = delete;
  scoped_lock& operator=(const scoped_lock&) = delete;
  ~scoped_lock() {
    std::apply([](auto&... mutexes) { (mutexes.unlock(), ...); }, mutexes_);
  }

 private:
  std::tuple<Mutexes&...> mutexes_;
};

}  // namespace sluice::one_thread

_LIBCPP_BEGIN_NAMESPACE_STD
using ::sluice::one_thread::lock;
using ::sluice::one_thread::mutex;
using ::sluice::one_thread::recursive_mutex;
using ::sluice::one_thread::recursive_timed_mutex;
using ::sluice::one_thread::scoped_lock;
using ::sluice::one_thread::timed_mutex;
using ::sluice::one_thread::try_lock;
_LIBCPP_END_NAMESPACE_STD
