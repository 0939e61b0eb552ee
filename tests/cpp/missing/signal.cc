// The world outside: `std::signal`
// expect: wasm lacks signal support
#include <csignal>
void uses() {
  std::signal(SIGINT, [](int) {});
}
