// Concurrency: `std::thread`, `std::jthread`, `std::async`
// expect: no member named 'thread' in namespace 'std'
#include <thread>
void uses() {
  std::thread([] {}).join();
}
