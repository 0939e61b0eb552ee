// Faults that the test of every example tries: a host that returns any status from any hostcall, and memory that runs
// out.
#pragma once

#include <sluice/testing.h>

#include <string>
#include <string_view>

namespace sluice::testing {

/// Calls `play(hostcall, status)` for each hostcall of the ABI and each status except Ok; the hostcall returns that
/// status during the call. With hostcall "", all hostcalls return it.
template <class Play>
void withEveryAnswerOfEveryHostcall(Host& host, Play play) {
  constexpr std::string_view kHostcalls[] = {
#define SLUICE_EXAMPLES_NAME(first, last, name, parameters) #name,
      SLUICE_ABI_HOSTCALLS(SLUICE_EXAMPLES_NAME)
#undef SLUICE_EXAMPLES_NAME
          ""};
  for (const auto hostcall : kHostcalls) {
    for (int value = 1; value <= 12; ++value) {
      const auto status = static_cast<Status>(value);
      host.clearFaults();
      host.clearLogs();
      if (hostcall.empty()) {
        host.failAllHostcalls(status);
      } else {
        host.failHostcall(hostcall, status);
      }
      play(hostcall, status);
    }
  }
  host.clearFaults();
}

/// Calls `play(what)` repeatedly: the guest's first allocation for the host fails, then the second, and so on, each
/// with and without all later ones. Ends when `play` returns true, which means that no allocation has failed.
template <class Play>
void withEachAllocationFailing(Host& host, Play play) {
  constexpr uint64_t kMost = 1000;
  for (const bool andAllLater : {false, true}) {
    for (uint64_t n = 1; n <= kMost; ++n) {
      host.clearFaults();
      host.clearLogs();
      host.failAllocation(n, andAllLater);
      if (play("allocation " + std::to_string(n) + (andAllLater ? " and all later ones" : ""))) break;
      EXPECT_LT(n, kMost) << "something fails without a fault, or memory is allocated without end";
    }
  }
  host.clearFaults();
}

}  // namespace sluice::testing
