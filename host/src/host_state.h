// The state of one host that its VMs, plugins and streams share.
#pragma once

#include <cstdint>
#include <memory>

#include "abi/host_services.h"
#include "calls/clusters.h"

namespace sluice::host {

struct HostState {
  explicit HostState(Profile hostProfile) : profile(std::move(hostProfile)) {}

  const Profile profile;
  Clock clock;
  Logs logs;
  Random random;
  SharedData sharedData;
  SharedQueues queues{clock};
  Metrics metrics;
  Faults faults;
  ForeignFunctions foreignFunctions;
  PropertyMap properties;
  HostcallCounts hostcalls{};
  std::vector<Error> errors;
  Clusters clusters;
  uint64_t lastStreamId = 0;
  std::unique_ptr<Recorder> recorder;  ///< Null until a test asks for a record.

  /// The parts that hostcalls act on.
  HostServices services{profile,          clock,      logs,      random, sharedData, queues, metrics, faults,
                        foreignFunctions, properties, hostcalls, errors};
};

}  // namespace sluice::host
