// Concurrency: starting a thread: `std::thread`
// expect: is unavailable: a filter has one thread
#include <thread>
void uses() {
  std::thread([] {}).join();
}
