// The mutexes and the lock of <shared_mutex> for a program with one thread.
#pragma once

#include <mutex>
#include <utility>

#include "sluice/one_thread/mutex.h"
#include "sluice/one_thread/wait.h"

namespace sluice::one_thread {

class shared_mutex {
 public:
  constexpr shared_mutex() noexcept = default;
  shared_mutex(const shared_mutex&) = delete;
  shared_mutex& operator=(const shared_mutex&) = delete;

  void lock() {
    if (!try_lock()) waitForEver("std::shared_mutex::lock()");
  }
  [[nodiscard]] bool try_lock() noexcept {
    if (owners_ != 0) return false;
    owners_ = kExclusive;
    return true;
  }
  void unlock() noexcept { owners_ = 0; }

  void lock_shared() {
    if (!try_lock_shared()) waitForEver("std::shared_mutex::lock_shared()");
  }
  [[nodiscard]] bool try_lock_shared() noexcept {
    if (owners_ == kExclusive) return false;
    ++owners_;
    return true;
  }
  void unlock_shared() noexcept { --owners_; }

 private:
  static constexpr int kExclusive = -1;

  int owners_ = 0;  // how many share it, or kExclusive
};

class shared_timed_mutex : public Timed<shared_mutex> {
 public:
  template <typename Duration>
  [[nodiscard]] bool try_lock_shared_for(const Duration& /*duration*/) noexcept {
    return try_lock_shared();
  }
  template <typename Time>
  [[nodiscard]] bool try_lock_shared_until(const Time& /*time*/) noexcept {
    return try_lock_shared();
  }
};

template <typename Mutex>
class shared_lock {
 public:
  using mutex_type = Mutex;

  shared_lock() noexcept = default;
  explicit shared_lock(Mutex& mutex) : mutex_(&mutex) { lock(); }
  shared_lock(Mutex& mutex, std::defer_lock_t) noexcept : mutex_(&mutex) {}
  shared_lock(Mutex& mutex, std::try_to_lock_t) : mutex_(&mutex), owns_(mutex.try_lock_shared()) {}
  shared_lock(Mutex& mutex, std::adopt_lock_t) : mutex_(&mutex), owns_(true) {}
  shared_lock(shared_lock&& other) noexcept { swap(other); }
  shared_lock& operator=(shared_lock&& other) noexcept {
    shared_lock(std::move(other)).swap(*this);
    return *this;
  }
  ~shared_lock() {
    if (owns_) mutex_->unlock_shared();
  }

  void lock() {
    mutex_->lock_shared();
    owns_ = true;
  }
  [[nodiscard]] bool try_lock() { return owns_ = mutex_->try_lock_shared(); }
  void unlock() {
    mutex_->unlock_shared();
    owns_ = false;
  }

  void swap(shared_lock& other) noexcept {
    std::swap(mutex_, other.mutex_);
    std::swap(owns_, other.owns_);
  }
  Mutex* release() noexcept {
    owns_ = false;
    return std::exchange(mutex_, nullptr);
  }
  [[nodiscard]] bool owns_lock() const noexcept { return owns_; }
  explicit operator bool() const noexcept { return owns_; }
  [[nodiscard]] Mutex* mutex() const noexcept { return mutex_; }

 private:
  Mutex* mutex_ = nullptr;
  bool owns_ = false;
};

}  // namespace sluice::one_thread

_LIBCPP_BEGIN_NAMESPACE_STD
using ::sluice::one_thread::shared_lock;
using ::sluice::one_thread::shared_mutex;
using ::sluice::one_thread::shared_timed_mutex;
_LIBCPP_END_NAMESPACE_STD
