// Containers: `std::vector`
#include <string>
#include <vector>

#include "../feature.h"

FEATURE(vector, "1 2 3") {
  std::vector<int> numbers = {3, 1};
  numbers.insert(numbers.begin(), 2);
  numbers.erase(numbers.begin() + 1);
  numbers.push_back(3);
  std::string text = std::to_string(numbers[1]);
  for (const int number : {numbers[0], numbers[2]}) text += " " + std::to_string(number);
  return text;
}
