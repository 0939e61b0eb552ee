// The parts of a scenario file, read from YAML. Each function throws ScenarioError, with the place, for what is wrong.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenario/exchange.h"
#include "scenario/filter.h"
#include "scenario/grpc.h"
#include "scenario/metric.h"
#include "scenario/scenario.h"
#include "scenario/service.h"
#include "scenario/yaml.h"

namespace sluice::scenario {

/// `info`, `warn` …
LogLevel readLevel(const YamlNode& node);

/// The filters: what stands in `filters`, or the one that `filter`, `configuration` … describe.
std::vector<Filter> readFilters(const YamlNode& scenario);

/// A mapping of names to a value or a list of values.
host::Headers readHeaders(const YamlNode& node);

/// What a client sends; a GET of / where there is no node.
host::Message readRequest(const std::optional<YamlNode>& node);

/// What a server does: a response, or a word; 200 without a body where there is no node.
host::CalloutReply readReply(const std::optional<YamlNode>& node);

/// What is expected of a request or a response; the caller has checked the keys.
MessageExpectation readMessageExpectation(const YamlNode& node);

/// What is expected of a request: method, path, authority, headers, body, trailers.
MessageExpectation readRequestExpectation(const YamlNode& node);

/// The services that stand in `services`.
std::vector<ScriptedService> readServices(const YamlNode& node);

/// What is expected at services; each name must be one of `services`.
std::vector<ServiceExpectation> readServiceExpectations(const YamlNode& node,
                                                        const std::vector<ScriptedService>& services);

/// The services that stand in `grpc_services`; their names must not be those of `others`.
std::vector<ScriptedGrpcService> readGrpcServices(const YamlNode& node, const std::vector<ScriptedService>& others);

/// What is expected at gRPC services; each name must be one of `services`.
std::vector<GrpcExpectation> readGrpcExpectations(const YamlNode& node,
                                                  const std::vector<ScriptedGrpcService>& services);

/// What stands in `services` and `grpc_services` of an `expect`; the caller has checked the keys.
ExpectedCalls readExpectedCalls(const YamlNode& node, const Scenario& scenario);

/// What is expected of one end: a mapping, which the caller reads, or the words that say that nothing arrives there.
Arrival readArrival(const YamlNode& node, const std::string& words);

/// One entry of `exchanges`, the `number`-th, in a scenario that has its services already.
ScriptedExchange readExchange(const YamlNode& node, size_t number, const Scenario& scenario);

/// One entry of `connections`, likewise.
ScriptedConnection readConnection(const YamlNode& node, size_t number, const Scenario& scenario);

/// What is expected of metrics.
std::vector<MetricExpectation> readMetricExpectations(const YamlNode& node);

// What services of both kinds have in common.

/// Fails for a name that no service can have.
void checkServiceName(const std::string& name, const YamlNode& value);

/// A service's list of rules, each of which goes to `readRule`; answers whether it is the word "unreachable" instead.
bool readRules(const std::string& name, const YamlNode& value, const std::function<void(const YamlNode&)>& readRule);

/// A mapping of services' names to lists of what they receive. Calls `read(name, nullptr)` for each service, and then
/// `read(name, &item)` for each thing, a `what`.
template <class AnyService, class Read>
void readReceived(const YamlNode& node, const std::vector<AnyService>& services, const std::string& key,
                  const std::string& what, const Read& read) {
  for (const auto& [name, value] : node.entries()) {
    const AnyService* service = nullptr;
    for (const auto& known : services) {
      if (known.name == name) service = &known;
    }
    if (service == nullptr) value.fail("'" + name + "' is not one of the scenario's '" + key + "'");
    if (service->unreachable) value.fail("nobody can see what arrives at '" + name + "': it is unreachable");
    read(name, nullptr);
    if (value.isScalar()) {
      if (value.text() != "not called")
        value.fail("'" + name + "' must be a list of " + what + "s or the words: not called");
      continue;
    }
    const auto items = value.items(what);
    if (items.empty()) value.fail("'" + name + "' expects no " + what + "s; write: not called");
    for (const auto& item : items) read(name, &item);
  }
}

}  // namespace sluice::scenario
