#include "players/played_services.h"

#include <algorithm>

#include "scenario/message_check.h"

namespace sluice::scenario {
namespace {

Answer answerOf(Service& service, const Message& request) {
  for (auto& rule : service.rules) {
    if (rule.times == 0 || !mismatches(rule.request, request).empty()) continue;
    if (rule.times) --*rule.times;
    return rule.answer;
  }
  const std::string body = "the scenario's service " + service.name + " has no rule for this request";
  return {Answer::Kind::kResponse, {{{":status", "501"}}, {body}, false, {}}, {}};
}

}  // namespace

PlayedServices::PlayedServices(const std::vector<Service>& services) : services_(services) {}

std::size_t PlayedServices::arrive(const std::string& service, Message request) {
  calls_.push_back({service, exchange_, std::move(request), false});
  return calls_.size() - 1;
}

Answer PlayedServices::complete(std::size_t number, Message request) {
  ServiceCall& call = calls_[number];
  call.request = std::move(request);
  call.complete = true;
  const auto service = std::find_if(services_.begin(), services_.end(),
                                    [&](const Service& known) { return known.name == call.service; });
  return answerOf(*service, call.request);
}

bool PlayedServices::haveReceived(const std::vector<ServiceExpectation>& expectations,
                                  std::optional<std::size_t> index) const {
  return std::all_of(expectations.begin(), expectations.end(), [&](const ServiceExpectation& expectation) {
    const auto received = std::count_if(calls_.begin(), calls_.end(), [&](const ServiceCall& call) {
      return call.complete && call.service == expectation.service && (!index || call.exchange == index);
    });
    return static_cast<std::size_t>(received) >= expectation.requests.size();
  });
}

}  // namespace sluice::scenario
