// The calls that a scenario expects services to receive.
#pragma once

#include <vector>

#include "scenario/grpc.h"
#include "scenario/service.h"

namespace sluice::scenario {

/// The calls that a scenario expects services to receive. It expects nothing of services that it does not name.
struct ExpectedCalls {
  std::vector<ServiceExpectation> services;
  std::vector<GrpcExpectation> grpcServices;
};

}  // namespace sluice::scenario
