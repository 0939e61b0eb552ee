// The world outside: `std::ifstream`, `std::ofstream`
// expect: implicit instantiation of undefined template 'std::basic_ifstream<char>'
#include <fstream>
bool uses() { return std::ifstream("/etc/hosts").is_open(); }
