#include "scenario/level.h"
#include "scenario/read.h"
#include "scenario/read_text.h"

namespace sluice::scenario {
namespace {

host::FailPolicy readFailPolicy(const YamlNode& node) {
  const std::string word = node.text();
  if (word == "FAIL_CLOSED") return host::FailPolicy::Closed;
  if (word == "FAIL_OPEN") return host::FailPolicy::Open;
  if (word == "FAIL_RELOAD") return host::FailPolicy::Reload;
  constexpr std::string_view kPolicies[] = {"FAIL_CLOSED", "FAIL_OPEN", "FAIL_RELOAD"};
  node.fail("unknown failure policy '" + word + "'" + didYouMean(word, kPolicies) + "; policies: " + listed(kPolicies));
}

// Reads a configuration: a text unchanged, a mapping or a list as JSON.
std::string readConfiguration(const YamlNode& node) {
  if (node.isNull()) node.fail("'" + node.what() + "' is empty; write \"\" for an empty text, or leave the key out");
  if (node.isMapping() && (node.find("repeat") || node.find("base64"))) return readText(node);
  return node.isScalar() ? node.text() : node.toJson();
}

// Reads the keys that configure a filter. They are next to `filter`, or in each entry of `filters`.
void readConfigurations(const YamlNode& node, Filter& filter) {
  if (const auto configuration = node.find("configuration"))
    filter.options.configuration = readConfiguration(*configuration);
  if (const auto configuration = node.find("vm_configuration")) {
    filter.options.vmConfiguration = readConfiguration(*configuration);
  }
  if (const auto environment = node.find("environment")) {
    for (const auto& [name, value] : environment->entries()) filter.options.environment[name] = value.text();
  }
  if (const auto data = node.find("shared_data")) {
    for (const auto& [key, value] : data->entries()) filter.sharedData.emplace_back(key, readText(value));
  }
}

// Reads the keys that identify a filter; the caller has checked that there are no others.
void readIdentity(const YamlNode& node, Filter& filter) {
  if (const auto module = node.find("module")) filter.module = module->text();
  if (const auto name = node.find("name")) filter.options.name = name->text();
  if (const auto rootId = node.find("root_id")) filter.options.rootId = rootId->text();
  if (const auto vmId = node.find("vm_id")) filter.options.vmId = vmId->text();
  if (const auto policy = node.find("failure_policy")) filter.options.failPolicy = readFailPolicy(*policy);
  if (const auto allow = node.find("allow_on_headers_stop_iteration")) {
    filter.allowOnHeadersStopIteration = allow->boolean();
  }
}

}  // namespace

LogLevel readLevel(const YamlNode& node) {
  const std::string word = node.text();
  if (const auto level = levelNamed(word)) return *level;
  constexpr std::string_view kLevels[] = {"trace", "debug", "info", "warn", "error", "critical"};
  node.fail("unknown log level '" + word + "'" + didYouMean(word, kLevels) + "; levels: " + listed(kLevels));
}

std::vector<Filter> readFilters(const YamlNode& scenario) {
  const auto list = scenario.find("filters");
  if (!list) {
    Filter filter;
    if (const auto node = scenario.find("filter")) {
      node->checkKeys({"module", "name", "root_id", "vm_id", "failure_policy", "allow_on_headers_stop_iteration"});
      readIdentity(*node, filter);
    }
    readConfigurations(scenario, filter);
    return {filter};
  }
  for (const auto* key : {"filter", "configuration", "vm_configuration", "environment", "shared_data"}) {
    if (const auto node = scenario.find(key)) {
      node->fail("'" + std::string(key) + "' cannot stand beside 'filters': each filter there has its own");
    }
  }
  std::vector<Filter> filters;
  for (const auto& node : list->items("filter")) {
    node.checkKeys({"module", "name", "root_id", "vm_id", "failure_policy", "allow_on_headers_stop_iteration",
                    "configuration", "vm_configuration", "environment", "shared_data"});
    Filter& filter = filters.emplace_back();
    readIdentity(node, filter);
    readConfigurations(node, filter);
  }
  if (filters.empty()) list->fail("'filters' is empty");
  return filters;
}

}  // namespace sluice::scenario
