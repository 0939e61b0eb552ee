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

// The rule for a call; one that refuses it where the scenario has none.
GrpcRule ruleFor(GrpcService& service, const std::string& method, const Headers& metadata) {
  for (auto& rule : service.rules) {
    if (rule.times == 0 || !applies(rule, method, metadata)) continue;
    if (rule.times) --*rule.times;
    return rule;
  }
  GrpcRule none;
  none.answer.trailersOnly = true;
  none.answer.status = *grpcStatusNamed("UNIMPLEMENTED");
  none.answer.statusMessage = "the scenario's service " + service.name + " has no rule for this call";
  return none;
}

// Of the calls that a gRPC service has received, or is to receive.
struct Totals {
  std::size_t calls = 0;
  std::size_t messages = 0;
  std::size_t cancelled = 0;

  void add(std::size_t callMessages, bool isCancelled) {
    ++calls;
    messages += callMessages;
    cancelled += isCancelled ? 1 : 0;
  }
  bool reach(const Totals& other) const {
    return calls >= other.calls && messages >= other.messages && cancelled >= other.cancelled;
  }
};

}  // namespace

PlayedServices::PlayedServices(const Scenario& scenario)
    : services_(scenario.services), grpcServices_(scenario.grpcServices) {}

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

std::size_t PlayedServices::openGrpc(const std::string& service, std::string method, Headers metadata, GrpcStep& step) {
  const auto found = std::find_if(grpcServices_.begin(), grpcServices_.end(),
                                  [&](const GrpcService& known) { return known.name == service; });
  GrpcState& state = grpcStates_.emplace_back(GrpcState{ruleFor(*found, method, metadata)});
  grpcCalls_.push_back({service, exchange_, std::move(method), std::move(metadata), {}, false, false});
  step.initialMetadata = state.rule.answer.initialMetadata;
  step.messages = state.rule.greeting;
  step = endIf(state.rule.after == 0, state, std::move(step));
  return grpcCalls_.size() - 1;
}

GrpcStep PlayedServices::grpcMessage(std::size_t number, std::string message) {
  GrpcState& state = grpcStates_[number];
  GrpcStep step;
  step.initialMetadata = state.rule.answer.initialMetadata;
  if (state.rule.echo && !state.ended) step.messages.push_back(message);
  grpcCalls_[number].messages.push_back(std::move(message));
  return endIf(state.rule.after == grpcCalls_[number].messages.size(), state, std::move(step));
}

GrpcStep PlayedServices::grpcEnd(std::size_t number) {
  grpcCalls_[number].complete = true;
  return endIf(!grpcStates_[number].rule.after, grpcStates_[number], {});
}

void PlayedServices::grpcCancelled(std::size_t number) {
  if (!grpcStates_[number].ended) grpcCalls_[number].cancelled = true;
  grpcStates_[number].ended = true;
}

GrpcStep PlayedServices::endIf(bool due, GrpcState& state, GrpcStep step) {
  if (!due || state.ended || state.rule.answer.kind == GrpcAnswer::Kind::kNever) return step;
  state.ended = true;
  step.end = state.rule.answer;
  return step;
}

bool PlayedServices::haveReceived(const std::vector<ServiceExpectation>& services,
                                  const std::vector<GrpcExpectation>& grpcServices,
                                  std::optional<std::size_t> index) const {
  const auto counts = [&](const auto& call, const std::string& service) {
    return call.service == service && (!index || call.exchange == index);
  };
  for (const auto& expectation : services) {
    const auto received = std::count_if(calls_.begin(), calls_.end(), [&](const ServiceCall& call) {
      return counts(call, expectation.service) && call.complete;
    });
    if (static_cast<std::size_t>(received) < expectation.requests.size()) return false;
  }
  for (const auto& expectation : grpcServices) {
    Totals expected;
    for (const auto& call : expectation.calls) {
      expected.add(call.messages ? call.messages->size() : call.count.value_or(0), call.cancelled.value_or(false));
    }
    Totals received;
    for (const auto& call : grpcCalls_) {
      if (counts(call, expectation.service)) received.add(call.messages.size(), call.cancelled);
    }
    if (!received.reach(expected)) return false;
  }
  return true;
}

}  // namespace sluice::scenario
