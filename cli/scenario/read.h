// Reads the parts of a scenario file from YAML. For a mistake, each function throws a ScenarioError with its place.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/client.h"
#include "scenario/exchange.h"
#include "scenario/filter.h"
#include "scenario/grpc.h"
#include "scenario/metric.h"
#include "scenario/nearest.h"
#include "scenario/scenario.h"
#include "scenario/service.h"
#include "scenario/yaml.h"

namespace sluice::scenario {

/// Reads a level: `info`, `warn` …
LogLevel readLevel(const YamlNode& node);

/// Reads the filters: the list `filters`, or the one filter that `filter`, `configuration` … describe.
std::vector<Filter> readFilters(const YamlNode& scenario);

/// Reads a mapping of header names to a value or a list of values.
host::Headers readHeaders(const YamlNode& node);

/// Reads the client's request; without a node, it is a GET of /.
host::Message readRequest(const std::optional<YamlNode>& node);

/// Reads a server's reply: a response, or a word. Without a node, it is a 200 without a body.
host::CalloutReply readReply(const std::optional<YamlNode>& node);

/// Reads the expectation of a request or a response; the caller has checked the keys.
MessageExpectation readMessageExpectation(const YamlNode& node);

/// Reads the expectation of a request: method, path, authority, headers, body, trailers.
MessageExpectation readRequestExpectation(const YamlNode& node);

/// Reads the services in `services`.
std::vector<ScriptedService> readServices(const YamlNode& node);

/// Reads the expectations of services; each name must be one of `services`.
std::vector<ServiceExpectation> readServiceExpectations(const YamlNode& node,
                                                        const std::vector<ScriptedService>& services);

/// Reads the services in `grpc_services`; their names must differ from those in `others`.
std::vector<ScriptedGrpcService> readGrpcServices(const YamlNode& node, const std::vector<ScriptedService>& others);

/// Reads the expectations of gRPC services; each name must be one of `services`.
std::vector<GrpcExpectation> readGrpcExpectations(const YamlNode& node,
                                                  const std::vector<ScriptedGrpcService>& services);

/// Reads `services` and `grpc_services` of an `expect`; the caller has checked the keys.
ExpectedCalls readExpectedCalls(const YamlNode& node, const Scenario& scenario);

/// Reads whether anything arrives at one end: a mapping, which the caller reads, or `words`, which mean that nothing
/// does.
Arrival readArrival(const YamlNode& node, const std::string& words);

/// Reads how the client speaks with the proxy.
Client readClient(const YamlNode& node);

/// Reads expectations of callbacks: those of one stream, which can name the actions that they return, or how often
/// those of the whole run are called.
std::vector<CallbackExpectation> readCallbackExpectations(const YamlNode& node, bool ofOneStream);

/// Reads expectations of shared data.
std::vector<SharedDataExpectation> readSharedDataExpectations(const YamlNode& node);

/// Reads an entry of `exchanges`, whose first exchange gets the number `number`: an exchange, as often as it is
/// repeated, or several together. `scenario` must already have its services.
std::vector<ScriptedExchange> readExchanges(const YamlNode& node, size_t number, const Scenario& scenario);

/// Reads entry `number` of `connections`; `scenario` must already have its services.
ScriptedConnection readConnection(const YamlNode& node, size_t number, const Scenario& scenario);

/// Reads the expectations of metrics.
std::vector<MetricExpectation> readMetricExpectations(const YamlNode& node);

// Functions for services of both kinds.

/// Throws when `name` cannot be a service's name.
void checkServiceName(const std::string& name, const YamlNode& value);

/// Calls `readRule` for each rule in a service's list. Returns whether the value is the word "unreachable" instead.
bool readRules(const std::string& name, const YamlNode& value, const std::function<void(const YamlNode&)>& readRule);

/// Reads a mapping of service names to lists of what they receive. Calls `read(name, value, nullptr)` for each service,
/// and then `read(name, value, &item)` for each thing, a `what`.
template <class AnyService, class Read>
void readReceived(const YamlNode& node, const std::vector<AnyService>& services, const std::string& key,
                  const std::string& what, const Read& read) {
  for (const auto& [name, value] : node.entries()) {
    const AnyService* service = nullptr;
    std::vector<std::string_view> names;
    for (const auto& known : services) {
      names.push_back(known.name);
      if (known.name == name) service = &known;
    }
    if (service == nullptr) {
      value.fail("'" + name + "' is not one of the scenario's '" + key + "'" + didYouMean(name, names) +
                 "; there are: " + listed(names));
    }
    if (service->unreachable) value.fail("nobody can see what arrives at '" + name + "': it is unreachable");
    read(name, value, nullptr);
    if (value.isScalar()) {
      if (value.text() != "not called")
        value.fail("'" + name + "' must be a list of " + what + "s or the words: not called");
      continue;
    }
    const auto items = value.items(what);
    if (items.empty()) value.fail("'" + name + "' expects no " + what + "s; write: not called");
    for (const auto& item : items) read(name, value, &item);
  }
}

}  // namespace sluice::scenario
