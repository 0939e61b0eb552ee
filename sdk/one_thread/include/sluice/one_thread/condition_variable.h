// The condition variables of <condition_variable> for a program with one thread. Nobody else can notify it: to wait for
// what does not hold already ends the VM, for some time too, since no time passes in a callback.
#pragma once

#include <mutex>

#include "sluice/one_thread/wait.h"

namespace sluice::one_thread {

enum class cv_status { no_timeout, timeout };

class condition_variable_any {
 public:
  condition_variable_any() = default;
  condition_variable_any(const condition_variable_any&) = delete;
  condition_variable_any& operator=(const condition_variable_any&) = delete;

  void notify_one() noexcept {}
  void notify_all() noexcept {}

  template <typename Lock>
  void wait(Lock& /*lock*/) {
    waitForEver("std::condition_variable::wait()");
  }
  template <typename Lock, typename Predicate>
  void wait(Lock& lock, Predicate holds) {
    if (!holds()) wait(lock);
  }
  template <typename Lock, typename Duration>
  cv_status wait_for(Lock& /*lock*/, const Duration& /*duration*/) {
    waitForEver("std::condition_variable::wait_for()");
  }
  template <typename Lock, typename Duration, typename Predicate>
  bool wait_for(Lock& lock, const Duration& duration, Predicate holds) {
    if (!holds()) wait_for(lock, duration);
    return true;
  }
  template <typename Lock, typename Time>
  cv_status wait_until(Lock& /*lock*/, const Time& /*time*/) {
    waitForEver("std::condition_variable::wait_until()");
  }
  template <typename Lock, typename Time, typename Predicate>
  bool wait_until(Lock& lock, const Time& time, Predicate holds) {
    if (!holds()) wait_until(lock, time);
    return true;
  }
};

class condition_variable : public condition_variable_any {};

}  // namespace sluice::one_thread

_LIBCPP_BEGIN_NAMESPACE_STD
using ::sluice::one_thread::condition_variable;
using ::sluice::one_thread::condition_variable_any;
using ::sluice::one_thread::cv_status;
_LIBCPP_END_NAMESPACE_STD
