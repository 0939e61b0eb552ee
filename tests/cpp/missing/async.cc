// Concurrency: `std::jthread`, `std::async`, `std::future`, `std::promise`
// expect: no template named 'promise' in namespace 'std'
#include <future>
std::promise<int> promise;
