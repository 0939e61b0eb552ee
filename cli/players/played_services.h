// The services of a scenario while it is played: who answers what, and what has arrived.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenario/outcome.h"
#include "scenario/service.h"

namespace sluice::scenario {

/// The same for every player: each brings the requests here and does what the answers say.
class PlayedServices {
 public:
  explicit PlayedServices(const std::vector<Service>& services);

  /// From now on, requests belong to the exchange `index`.
  void beginExchange(std::size_t index) { exchange_ = index; }
  /// A request for `service` arrives. Gives the number by which complete() knows it.
  std::size_t arrive(const std::string& service, Message request);
  /// All of it has arrived: what its service does with it.
  Answer complete(std::size_t number, Message request);

  /// What has arrived, in order.
  const std::vector<ServiceCall>& calls() const { return calls_; }
  /// Whether each of the services has got as many requests as it is expected to get, in the exchange `index` or,
  /// without it, in all.
  bool haveReceived(const std::vector<ServiceExpectation>& expectations, std::optional<std::size_t> index) const;

 private:
  std::vector<Service> services_;  // Rules' `times` count down.
  std::vector<ServiceCall> calls_;
  std::optional<std::size_t> exchange_;
};

}  // namespace sluice::scenario
