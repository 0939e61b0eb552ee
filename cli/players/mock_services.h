// The services of a scenario on the mock host.
#pragma once

#include <cstddef>
#include <map>

#include "players/played_services.h"
#include "scenario/scenario.h"
#include "sluice/host/host.h"

namespace sluice::scenario {

/// Adds the services of a scenario to a mock host as clusters. It must outlive the host's last callout.
class MockServices {
 public:
  MockServices(host::Host& proxy, const Scenario& scenario, PlayedServices& played);
  MockServices(const MockServices&) = delete;
  MockServices& operator=(const MockServices&) = delete;

  /// Tells the played services which calls and streams the filters have cancelled.
  void reportCanceled();

 private:
  void addCluster(const ScriptedService& service);
  void addGrpcService(const ScriptedGrpcService& service);
  host::GrpcReply answer(const host::GrpcCall& call);

  host::Host& proxy_;
  PlayedServices& played_;
  // The numbers in PlayedServices, of streams and, by id, of unary calls.
  std::map<const host::GrpcCall*, size_t> streams_;
  std::map<uint32_t, size_t> calls_;
};

}  // namespace sluice::scenario
