#include "scenario/read.h"
#include "scenario/text.h"

namespace sluice::scenario {
namespace {

FailurePolicy readFailurePolicy(const YamlNode& node) {
  const std::string word = node.text();
  if (word == "FAIL_CLOSED") return FailurePolicy::kFailClosed;
  if (word == "FAIL_OPEN") return FailurePolicy::kFailOpen;
  if (word == "FAIL_RELOAD") return FailurePolicy::kFailReload;
  node.fail("unknown failure policy '" + word + "'; policies: FAIL_CLOSED, FAIL_OPEN, FAIL_RELOAD");
}

// A configuration: a text as it is, a mapping or a list as JSON.
std::string readConfiguration(const YamlNode& node) {
  if (node.isNull()) node.fail("'" + node.what() + "' is empty; write \"\" for an empty text, or leave the key out");
  if (node.isMapping() && (node.find("repeat") || node.find("base64"))) return readText(node);
  return node.isScalar() ? node.text() : node.toJson();
}

// The keys that say how a filter is configured. They stand beside `filter`, or in each entry of `filters`.
void readConfigurations(const YamlNode& node, PluginSettings& plugin) {
  if (const auto configuration = node.find("configuration")) plugin.configuration = readConfiguration(*configuration);
  if (const auto configuration = node.find("vm_configuration")) {
    plugin.vmConfiguration = readConfiguration(*configuration);
  }
  if (const auto environment = node.find("environment")) {
    for (const auto& [name, value] : environment->entries()) plugin.environment[name] = value.text();
  }
}

// The keys that say which filter it is; the caller has checked that there are no others.
void readIdentity(const YamlNode& node, PluginSettings& plugin) {
  if (const auto module = node.find("module")) plugin.module = module->text();
  if (const auto name = node.find("name")) plugin.name = name->text();
  if (const auto rootId = node.find("root_id")) plugin.rootId = rootId->text();
  if (const auto vmId = node.find("vm_id")) plugin.vmId = vmId->text();
  if (const auto policy = node.find("failure_policy")) plugin.failurePolicy = readFailurePolicy(*policy);
  if (const auto allow = node.find("allow_on_headers_stop_iteration")) {
    plugin.allowOnHeadersStopIteration = allow->boolean();
  }
}

}  // namespace

LogLevel readLevel(const YamlNode& node) {
  const std::string word = node.text();
  if (const auto level = levelNamed(word)) return *level;
  node.fail("unknown log level '" + word + "'; levels: trace, debug, info, warn, error, critical");
}

std::vector<PluginSettings> readPlugins(const YamlNode& scenario) {
  const auto filters = scenario.find("filters");
  if (!filters) {
    PluginSettings plugin;
    if (const auto filter = scenario.find("filter")) {
      filter->checkKeys({"module", "name", "root_id", "vm_id", "failure_policy", "allow_on_headers_stop_iteration"});
      readIdentity(*filter, plugin);
    }
    readConfigurations(scenario, plugin);
    return {plugin};
  }
  for (const auto* key : {"filter", "configuration", "vm_configuration", "environment"}) {
    if (const auto node = scenario.find(key)) {
      node->fail("'" + std::string(key) + "' cannot stand beside 'filters': each filter there has its own");
    }
  }
  std::vector<PluginSettings> plugins;
  for (const auto& filter : filters->items("filter")) {
    filter.checkKeys({"module", "name", "root_id", "vm_id", "failure_policy", "allow_on_headers_stop_iteration",
                      "configuration", "vm_configuration", "environment"});
    PluginSettings& plugin = plugins.emplace_back();
    readIdentity(filter, plugin);
    readConfigurations(filter, plugin);
  }
  if (plugins.empty()) filters->fail("'filters' is empty");
  return plugins;
}

}  // namespace sluice::scenario
