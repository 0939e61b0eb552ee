// Containers: `std::stack`, `std::queue`, `std::priority_queue`
#include <queue>
#include <stack>
#include <string>

#include "../feature.h"

FEATURE(adaptors, "2 1 9") {
  std::stack<int> stack({1, 2});
  std::queue<int> queue({1, 2});
  std::priority_queue<int> largest;
  for (const int number : {3, 9, 4}) largest.push(number);
  return std::to_string(stack.top()) + " " + std::to_string(queue.front()) + " " + std::to_string(largest.top());
}
