// The script filter makes any calls of the SDK, and the host gives any answers. The input is a script for the filter,
// followed by the callbacks mixed with the host's answers.
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "../script/script.h"
#include "driver.h"

using namespace sluice;
using fuzz::fakeHost;

namespace {

std::string makeScript(fuzz::Input& input) {
  const auto calls = testing::scriptOfEverything();
  std::vector<testing::ScriptCall> chosen;
  for (int count = input.byte() % 32; count > 0; --count) {
    auto call = calls[input.byte() % calls.size()];
    call.callback = script::kCallbacks[input.byte() % std::size(script::kCallbacks)].name;
    chosen.push_back(std::move(call));
  }
  return testing::scriptText(chosen);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Driver driver(data, size);
  fakeHost().configuration = makeScript(fakeHost().input);
  driver.create(1, 0);
  driver.configure(1);
  driver.create(2, 1);
  driver.create(3, 0);
  driver.configure(3);
  driver.create(4, 3);
  driver.run();
  return 0;
}
