// Language: `<coroutine>`: a generator of your own
#include <coroutine>
#include <string>

#include "../feature.h"

namespace {

class Numbers {
 public:
  struct promise_type {
    Numbers get_return_object() { return Numbers(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int number) {
      value = number;
      return {};
    }
    void return_void() {}
    void unhandled_exception() {}
    int value = 0;
  };
  explicit Numbers(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;
  ~Numbers() { handle_.destroy(); }
  bool next() {
    handle_.resume();
    return !handle_.done();
  }
  int value() const { return handle_.promise().value; }

 private:
  std::coroutine_handle<promise_type> handle_;
};

Numbers count(int end) {
  for (int number = 0; number < end; ++number) co_yield number;
}

}  // namespace

FEATURE(coroutine, "012") {
  std::string text;
  auto numbers = count(3);
  while (numbers.next()) text += std::to_string(numbers.value());
  return text;
}
