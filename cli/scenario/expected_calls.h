// What a scenario expects services to receive.
#pragma once

#include <vector>

#include "scenario/grpc.h"
#include "scenario/service.h"

namespace sluice::scenario {

/// The calls that services are expected to receive; nothing is expected of services that are not named.
struct ExpectedCalls {
  std::vector<ServiceExpectation> services;
  std::vector<GrpcExpectation> grpcServices;
};

}  // namespace sluice::scenario
