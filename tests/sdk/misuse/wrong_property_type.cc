// expect: a property is a std::string_view, bool, int64_t, uint64_t, double, Timestamp, Duration or HeaderPairs
#include <sluice/sluice.h>

auto get() {
  constexpr sluice::Property<float> kOdd("odd");
  return sluice::getProperty(kOdd);
}
