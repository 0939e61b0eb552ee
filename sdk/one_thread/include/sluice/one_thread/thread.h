// <thread> for a program with one thread: it can be asked which thread it is, and not start another.
#pragma once

#include <compare>
#include <functional>
#include <iosfwd>

namespace sluice::one_thread {

class thread {
 public:
  class id {
   public:
    constexpr id() noexcept = default;
    friend constexpr auto operator<=>(id, id) noexcept = default;

    template <typename Character, typename Traits>
    friend std::basic_ostream<Character, Traits>& operator<<(std::basic_ostream<Character, Traits>& out, id id) {
      return out << id.number_;
    }

   private:
    friend std::hash<id>;
    friend constexpr id thisThread() noexcept;

    int number_ = 0;  // 1: the thread that there is
  };

  constexpr thread() noexcept = default;
  constexpr thread(thread&&) noexcept = default;
  constexpr thread& operator=(thread&&) noexcept = default;

  template <typename Function, typename... Arguments>
  __attribute__((unavailable("a filter has one thread: see \"Which C++ a filter may use\""))) explicit thread(
      Function&&, Arguments&&...) {}

  [[nodiscard]] bool joinable() const noexcept { return false; }
  [[nodiscard]] id get_id() const noexcept { return {}; }
  void join() {}
  void detach() {}
  void swap(thread& /*other*/) noexcept {}
  [[nodiscard]] static unsigned hardware_concurrency() noexcept { return 1; }
};

constexpr thread::id thisThread() noexcept {
  thread::id id;
  id.number_ = 1;
  return id;
}

namespace this_thread {

[[nodiscard]] constexpr thread::id get_id() noexcept { return thisThread(); }
inline void yield() noexcept {}

template <typename Duration>
__attribute__((unavailable("a filter cannot sleep: the proxy would wait with it; see setTickPeriod()"))) void sleep_for(
    const Duration&) {}
template <typename Time>
__attribute__((unavailable("a filter cannot sleep: the proxy would wait with it; see setTickPeriod()"))) void
sleep_until(const Time&) {}

}  // namespace this_thread

}  // namespace sluice::one_thread

_LIBCPP_BEGIN_NAMESPACE_STD
using ::sluice::one_thread::thread;
namespace this_thread {
using namespace ::sluice::one_thread::this_thread;
}  // namespace this_thread
template <>
struct hash<::sluice::one_thread::thread::id> {
  [[nodiscard]] size_t operator()(::sluice::one_thread::thread::id id) const noexcept {
    return hash<int>()(id.number_);
  }
};
_LIBCPP_END_NAMESPACE_STD
