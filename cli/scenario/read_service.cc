#include "scenario/read.h"

namespace sluice::scenario {
namespace {

// The name of the upstream's cluster in Envoy.
constexpr std::string_view kUpstream = "upstream";

ServiceRule readRule(const YamlNode& node) {
  node.checkKeys({"request", "times", "response"});
  ServiceRule rule;
  if (const auto request = node.find("request")) rule.request = readRequestExpectation(*request);
  if (const auto times = node.find("times")) rule.times = times->number(1, UINT32_MAX);
  rule.reply = readReply(node.find("response"));
  return rule;
}

}  // namespace

void checkServiceName(const std::string& name, const YamlNode& value) {
  if (name.empty() || name == kUpstream) value.fail("a service cannot be called '" + name + "'; choose another name");
}

bool readRules(const std::string& name, const YamlNode& value, const std::function<void(const YamlNode&)>& readRule) {
  if (value.isScalar()) {
    if (value.text() == "unreachable") return true;
    value.fail("'" + name + "' must be a list of rules or the word: unreachable");
  }
  for (const auto& rule : value.items("rule")) readRule(rule);
  return false;
}

std::vector<ScriptedService> readServices(const YamlNode& node) {
  std::vector<ScriptedService> services;
  for (const auto& [name, value] : node.entries()) {
    checkServiceName(name, value);
    ScriptedService& service = services.emplace_back();
    service.name = name;
    service.unreachable =
        readRules(name, value, [&](const YamlNode& rule) { service.rules.push_back(readRule(rule)); });
  }
  return services;
}

ExpectedCalls readExpectedCalls(const YamlNode& node, const Scenario& scenario) {
  ExpectedCalls calls;
  if (const auto services = node.find("services")) {
    calls.services = readServiceExpectations(*services, scenario.services);
  }
  if (const auto services = node.find("grpc_services")) {
    calls.grpcServices = readGrpcExpectations(*services, scenario.grpcServices);
  }
  return calls;
}

std::vector<ServiceExpectation> readServiceExpectations(const YamlNode& node,
                                                        const std::vector<ScriptedService>& services) {
  std::vector<ServiceExpectation> expectations;
  readReceived(node, services, "services", "request",
               [&](const std::string& name, const YamlNode& value, const YamlNode* request) {
                 if (request == nullptr) {
                   expectations.push_back({name, {}, value.line()});
                 } else {
                   expectations.back().requests.push_back(readRequestExpectation(*request));
                 }
               });
  return expectations;
}

}  // namespace sluice::scenario
