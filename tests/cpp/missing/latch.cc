// Concurrency: `std::latch`, `std::barrier`, `std::counting_semaphore`, `std::stop_token`
// expect: no type named 'latch' in namespace 'std'
#include <latch>
void uses(std::latch* latch) { latch->count_down(); }
