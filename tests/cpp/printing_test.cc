// What a filter prints, as a module and natively.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

#include "sluice/host/host.h"

namespace {

using sluice::host::Host;
using sluice::host::LogLine;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;

TEST(Printing, IsALogLine) {
  const char* filter = std::getenv("SLUICE_FILTER");
  if (filter == nullptr) GTEST_SKIP() << "tested with the module that has all features";
  for (const char* name : {"printf", "iostream"}) {
    if (std::string_view(filter).ends_with(".so") && std::string_view(name) == "iostream") {
      continue;  // The C++ library's streams print to the test's own output.
    }
    Host host;
    host.load(filter, {.configuration = name});
    EXPECT_THAT(host.logs(), Contains(Field(&LogLine::text, HasSubstr("a line of ")))) << name;
  }
}

}  // namespace
