#include "players/played_services.h"

#include <algorithm>

#include "scenario/message_check.h"

namespace sluice::scenario {
namespace {

host::CalloutReply replyOf(ScriptedService& service, const host::Message& request) {
  for (auto& rule : service.rules) {
    if (rule.times == 0 || !mismatches(rule.request, request).empty()) continue;
    if (rule.times) --*rule.times;
    return rule.reply;
  }
  const std::string body = "the scenario's service " + service.name + " has no rule for this request";
  return host::CalloutReply::of({.headers = {{":status", "501"}}, .chunks = {body}});
}

// The rule for a call. When the scenario has none, a rule that refuses the call.
GrpcRule ruleFor(ScriptedGrpcService& service, const host::GrpcCall& call) {
  for (auto& rule : service.rules) {
    if (rule.times == 0 || !applies(rule, call)) continue;
    if (rule.times) --*rule.times;
    return rule;
  }
  GrpcRule none;
  none.reply = host::GrpcReply::error(GrpcStatus::Unimplemented,
                                      "the scenario's service " + service.name + " has no rule for this call");
  return none;
}

// Totals of the calls that a gRPC service has received, or is expected to receive.
struct Totals {
  size_t calls = 0;
  size_t messages = 0;
  size_t canceled = 0;

  void add(size_t callMessages, bool isCanceled) {
    ++calls;
    messages += callMessages;
    canceled += isCanceled ? 1 : 0;
  }
  bool reach(const Totals& other) const {
    return calls >= other.calls && messages >= other.messages && canceled >= other.canceled;
  }
};

}  // namespace

PlayedServices::PlayedServices(const Scenario& scenario)
    : services_(scenario.services), grpcServices_(scenario.grpcServices) {}

size_t PlayedServices::arrive(const std::string& service, host::Received request) {
  calls_.push_back({service, exchange_, std::move(request)});
  return calls_.size() - 1;
}

host::CalloutReply PlayedServices::complete(size_t number, host::Received request) {
  ServiceCall& call = calls_[number];
  call.request = std::move(request);
  const auto service = std::find_if(services_.begin(), services_.end(),
                                    [&](const ScriptedService& known) { return known.name == call.cluster; });
  return replyOf(*service, call.request);
}

size_t PlayedServices::openGrpc(host::GrpcCall call, GrpcStep& step) {
  const auto service = std::find_if(grpcServices_.begin(), grpcServices_.end(),
                                    [&](const ScriptedGrpcService& known) { return known.name == call.cluster; });
  GrpcState& state = grpcStates_.emplace_back(GrpcState{ruleFor(*service, call)});
  grpcCalls_.push_back({.call = std::move(call), .exchange = exchange_});
  step.initialMetadata = state.rule.reply.initialMetadata;
  step.messages = state.rule.greeting;
  step = endIf(state.rule.after == 0, state, std::move(step));
  return grpcCalls_.size() - 1;
}

GrpcStep PlayedServices::grpcMessage(size_t number, std::string message) {
  GrpcState& state = grpcStates_[number];
  GrpcStep step;
  step.initialMetadata = state.rule.reply.initialMetadata;
  if (state.rule.echo && !state.ended) step.messages.push_back(message);
  grpcCalls_[number].messages.push_back(std::move(message));
  return endIf(state.rule.after == grpcCalls_[number].messages.size(), state, std::move(step));
}

GrpcStep PlayedServices::grpcEnd(size_t number) {
  grpcCalls_[number].halfClosed = true;
  return endIf(!grpcStates_[number].rule.after, grpcStates_[number], {});
}

void PlayedServices::grpcCanceled(size_t number) {
  if (!grpcStates_[number].ended) grpcCalls_[number].canceled = true;
  grpcStates_[number].ended = true;
}

GrpcStep PlayedServices::endIf(bool due, GrpcState& state, GrpcStep step) {
  if (!due || state.ended || state.rule.reply.kind == host::GrpcReply::Kind::Never) return step;
  state.ended = true;
  step.end = state.rule.reply;
  return step;
}

bool PlayedServices::haveReceived(const ExpectedCalls& expected, std::optional<size_t> index) const {
  const auto isOfIndex = [&](const auto& call) { return !index || call.exchange == index; };
  for (const auto& expectation : expected.services) {
    const auto received = std::count_if(calls_.begin(), calls_.end(), [&](const ServiceCall& call) {
      return call.cluster == expectation.service && isOfIndex(call) && call.request.complete;
    });
    if (static_cast<size_t>(received) < expectation.requests.size()) return false;
  }
  for (const auto& expectation : expected.grpcServices) {
    Totals due;
    for (const auto& call : expectation.calls) {
      due.add(call.messages ? call.messages->size() : call.count.value_or(0), call.canceled.value_or(false));
    }
    Totals received;
    for (const auto& call : grpcCalls_) {
      if (call.call.cluster != expectation.service || !isOfIndex(call)) continue;
      received.add(call.messages.size(), call.canceled);
    }
    if (!received.reach(due)) return false;
  }
  return true;
}

}  // namespace sluice::scenario
