// Numbers: `std::complex`
#include <complex>
#include <string>

#include "../feature.h"

FEATURE(complex, "-1") {
  const std::complex<double> i(0, 1);
  return std::to_string(static_cast<int>((i * i).real()));
}
