// Containers: `std::set`, `std::multiset`
#include <set>
#include <string>

#include "../feature.h"

FEATURE(set, "123 2") {
  std::string text;
  for (const int number : std::set<int>{3, 1, 2, 1}) text += std::to_string(number);
  return text + " " + std::to_string(std::multiset<int>{1, 1}.count(1));
}
