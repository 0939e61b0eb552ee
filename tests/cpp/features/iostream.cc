// The world outside: `std::cout`, `std::cerr`: log lines
// imports WASI
#include <iostream>
#include <string>

#include "../feature.h"

FEATURE(iostream, "said") {
  std::cout << "a line of cout" << std::endl;
  return "said";
}
