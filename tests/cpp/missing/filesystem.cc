// The world outside: `std::filesystem` beyond names: exists, iteration
// expect: no member named 'exists' in namespace 'std::filesystem'
#include <filesystem>
bool uses() { return std::filesystem::exists("/etc"); }
