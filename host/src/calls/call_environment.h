// What calls to other services need of the host and of the VM that makes them.
#pragma once

#include <cstdint>
#include <memory>

#include "calls/clusters.h"
#include "sluice/host/profile.h"
#include "state/clock.h"

namespace sluice::host {

/// Ids of calls, counted for each VM. They carry their kind in the two low bits, as in the reference host: HTTP calls,
/// gRPC calls, gRPC streams.
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

/// References are to what outlives every context.
struct CallEnvironment {
  const Profile& profile;
  Clusters& clusters;
  CallIds& ids;
  Clock& clock;
  std::weak_ptr<Clock> weakClock;  ///< For what a test may keep beyond the host's end.
};

}  // namespace sluice::host
