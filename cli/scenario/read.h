// The parts of a scenario file, read from YAML. Each function throws ScenarioError, with the place, for what is wrong.
#pragma once

#include <optional>
#include <vector>

#include "scenario/exchange.h"
#include "scenario/metric.h"
#include "scenario/plugin.h"
#include "scenario/service.h"
#include "scenario/yaml.h"

namespace sluice::scenario {

/// `info`, `warn` …
LogLevel readLevel(const YamlNode& node);

/// The filters: what stands in `filters`, or the one that `filter`, `configuration` … describe.
std::vector<PluginSettings> readPlugins(const YamlNode& scenario);

/// What a client sends; a GET of / where there is no node.
Message readRequest(const std::optional<YamlNode>& node);

/// What a server does: a response, or a word; 200 without a body where there is no node.
Answer readAnswer(const std::optional<YamlNode>& node);

/// What is expected of a request or a response; the caller has checked the keys.
MessageExpectation readMessageExpectation(const YamlNode& node);

/// What is expected of a request: method, path, authority, headers, body, trailers.
MessageExpectation readRequestExpectation(const YamlNode& node);

/// The services that stand in `services`.
std::vector<Service> readServices(const YamlNode& node);

/// What is expected at services; each name must be one of `services`.
std::vector<ServiceExpectation> readServiceExpectations(const YamlNode& node, const std::vector<Service>& services);

/// One entry of `exchanges`, the `number`-th.
Exchange readExchange(const YamlNode& node, std::size_t number, const std::vector<Service>& services);

/// What is expected of metrics.
std::vector<MetricExpectation> readMetricExpectations(const YamlNode& node);

}  // namespace sluice::scenario
