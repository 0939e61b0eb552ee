#include "scenario/message.h"

#include <algorithm>
#include <numeric>

namespace sluice::scenario {
namespace {

char lowerCase(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equalIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lowerCase(x) == lowerCase(y); });
}

}  // namespace

std::vector<std::string> headerValues(const Headers& headers, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [key, value] : headers) {
    if (equalIgnoringCase(key, name)) values.push_back(value);
  }
  return values;
}

std::string Message::body() const { return std::accumulate(chunks.begin(), chunks.end(), std::string()); }

}  // namespace sluice::scenario
