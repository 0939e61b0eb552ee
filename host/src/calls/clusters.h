// The services that the test has set up, and the calls that filters have made.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sluice/host/callout.h"
#include "sluice/host/grpc.h"
#include "sluice/host/grpc_call.h"

namespace sluice::host {

struct Clusters {
  std::map<std::string, Cluster, std::less<>> http;
  std::map<std::string, GrpcService, std::less<>> grpc;
  // Oldest first.
  std::vector<Callout> callouts;
  std::vector<GrpcCall> grpcCalls;
  std::vector<std::shared_ptr<GrpcStream>> grpcStreams;
};

}  // namespace sluice::host
