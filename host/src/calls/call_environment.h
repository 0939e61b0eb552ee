// The parts of the host and of the VM that calls to other services need.
#pragma once

#include <cstdint>
#include <memory>

#include "calls/clusters.h"
#include "sluice/host/profile.h"
#include "state/clock.h"

namespace sluice::host {

/// The ids of calls, counted per VM. As in the reference host, the two low bits hold the kind of call: HTTP call, gRPC
/// call or gRPC stream.
class CallIds {
 public:
  uint32_t nextHttpCall() { return lastHttpCall_ += 4; }
  uint32_t nextGrpcCall() { return lastGrpcCall_ += 4; }
  uint32_t nextGrpcStream() { return lastGrpcStream_ += 4; }

  static bool isGrpcCall(uint32_t id) { return (id & 3) == 1; }
  static bool isGrpcStream(uint32_t id) { return (id & 3) == 2; }

 private:
  uint32_t lastHttpCall_ = 0;
  uint32_t lastGrpcCall_ = 1;
  uint32_t lastGrpcStream_ = 2;
};

/// The objects behind the references outlive every context.
struct CallEnvironment {
  const Profile& profile;
  Clusters& clusters;
  CallIds& ids;
  Clock& clock;
  std::weak_ptr<Clock> weakClock;  ///< For gRPC streams, which a test may keep longer than the host.
};

}  // namespace sluice::host
