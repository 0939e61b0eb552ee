// The parts of the host that hostcalls need.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "abi/abi32.h"
#include "abi/properties.h"
#include "sluice/host/error.h"
#include "sluice/host/host.h"
#include "sluice/host/profile.h"
#include "state/clock.h"
#include "state/faults.h"
#include "state/kept.h"
#include "state/logs.h"
#include "state/random.h"
#include "state/recorder.h"
#include "state/shared_state.h"

namespace sluice::host {

using ForeignFunctions = std::map<std::string, ForeignFunction, std::less<>>;
/// How often guests have called each hostcall, indexed by Hostcall.
using HostcallCounts = std::array<uint64_t, kHostcalls.size()>;

/// The parts of the host that the hostcalls of all guests act on. They outlive all guests.
struct HostServices {
  const Profile& profile;
  Clock& clock;
  Logs& logs;
  Random& random;
  SharedData& sharedData;
  SharedQueues& queues;
  Metrics& metrics;
  Faults& faults;
  const ForeignFunctions& foreignFunctions;
  const PropertyMap& properties;  ///< The properties that a test has set for all contexts.
  HostcallCounts& hostcalls;
  std::vector<Error>& errors;    ///< Traps of all filters.
  uint64_t recordedBytes = 0;    ///< What the records of calls to other services take, about.
  Recorder* recorder = nullptr;  ///< Gets all crossings; null when nobody wants them.

  /// What the host keeps for all guests, about: Limits::hostBytes.
  [[nodiscard]] uint64_t keptBytes() const {
    return logs.bytes + sharedData.bytes() + queues.bytes() + metrics.bytes() + recordedBytes +
           kept(0) * clock.pending();
  }
};

}  // namespace sluice::host
