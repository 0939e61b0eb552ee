// expect: tasks and callouts can be awaited in a sluice::Task only
#include <sluice/sluice.h>

struct Other {
  struct promise_type {
    Other get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

sluice::Task task() { co_return; }
Other other() { co_await task(); }
