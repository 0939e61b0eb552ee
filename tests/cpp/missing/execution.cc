// Algorithms: parallel algorithms (`std::execution::par`)
// expect: no member named 'par' in namespace 'std::execution'
#include <algorithm>
#include <execution>
void uses(int* first, int* last) { std::sort(std::execution::par, first, last); }
