// Concurrency: `std::this_thread::sleep_for`
// expect: is unavailable: a filter cannot sleep
#include <chrono>
#include <thread>
void uses() { std::this_thread::sleep_for(std::chrono::seconds(1)); }
