#include "scenario/scenario.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "scenario/read.h"
#include "scenario/read_file.h"
#include "scenario/read_text.h"
#include "scenario/yaml.h"

namespace sluice::scenario {
namespace {

LogExpectation readLogExpectation(const YamlNode& node) {
  node.checkKeys({"level", "equals", "contains", "matches", "absent"});
  LogExpectation expectation;
  expectation.line = node.line();
  if (const auto level = node.find("level")) expectation.level = readLevel(*level);
  expectation.text = findMatcher(node);
  if (const auto absent = node.find("absent")) expectation.absent = absent->boolean();
  if (!expectation.level && !expectation.text)
    node.fail("a log line needs a level or a text: equals, contains or matches");
  return expectation;
}

void readExpectation(const YamlNode& node, Scenario& scenario) {
  node.checkKeys({"configuration", "log", "services", "grpc_services", "metrics", "shared_data", "callbacks", "traps"});
  if (const auto configuration = node.find("configuration")) {
    const std::string word = configuration->text();
    if (word != "accepted" && word != "refused") configuration->fail("'configuration' must be 'accepted' or 'refused'");
    scenario.refused = word == "refused";
    scenario.configurationLine = configuration->line();
  }
  if (const auto traps = node.find("traps")) {
    scenario.traps = traps->boolean() ? Traps::Expected : Traps::None;
    scenario.trapsLine = traps->line();
  }
  if (const auto log = node.find("log")) {
    for (const auto& line : log->items("log line")) scenario.log.push_back(readLogExpectation(line));
  }
  scenario.calls = readExpectedCalls(node, scenario);
  if (const auto metrics = node.find("metrics")) scenario.metrics = readMetricExpectations(*metrics);
  if (const auto data = node.find("shared_data")) {
    for (const auto& filter : scenario.filters) {
      if (filter.options.vmId == scenario.filters.front().options.vmId) continue;
      data->fail("'shared_data' cannot be expected of filters with several vm_ids: each has its own data");
    }
    scenario.sharedData = readSharedDataExpectations(*data);
  }
  if (const auto callbacks = node.find("callbacks")) {
    scenario.callbacks = readCallbackExpectations(*callbacks, false);
  }
}

// Reads exchanges or connections, and the entries between or after them that only let time pass.
template <class Item, class Read>
void readSequence(const YamlNode& node, const std::string& what, Scenario& scenario, std::vector<Item>& items,
                  const Read& read) {
  std::chrono::milliseconds wait{0};
  const auto entries = node.items(what);
  if (entries.empty()) node.fail("'" + node.what() + "' is empty");
  for (const auto& entry : entries) {
    if (const auto time = entry.find("wait")) {
      entry.checkKeys({"wait"});
      wait += time->duration();
      continue;
    }
    auto more = read(entry, items.size() + 1, scenario);
    more.front().waitBefore = std::exchange(wait, std::chrono::milliseconds(0));
    items.insert(items.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  scenario.waitAtEnd = wait;
}

}  // namespace

Scenario parseScenario(const std::string& yaml, std::string file) {
  Scenario scenario;
  scenario.file = file;
  const YamlNode root = YamlNode::parse(yaml, std::move(file));
  root.checkKeys({"filter", "filters", "configuration", "vm_configuration", "environment", "shared_data", "client",
                  "log_level", "buffer_limit", "services", "grpc_services", "exchanges", "connections", "expect"});
  scenario.filters = readFilters(root);
  if (const auto level = root.find("log_level")) scenario.logLevel = readLevel(*level);
  if (const auto limit = root.find("buffer_limit")) {
    scenario.bufferLimit = static_cast<uint32_t>(limit->number(1, UINT32_MAX));
  }
  if (const auto client = root.find("client")) scenario.client = readClient(*client);
  if (const auto services = root.find("services")) scenario.services = readServices(*services);
  if (const auto services = root.find("grpc_services")) {
    scenario.grpcServices = readGrpcServices(*services, scenario.services);
  }
  if (const auto expect = root.find("expect")) readExpectation(*expect, scenario);
  const auto exchanges = root.find("exchanges");
  const auto connections = root.find("connections");
  if (exchanges && connections) connections->fail("'connections' and 'exchanges' exclude each other");
  const auto& played = exchanges ? exchanges : connections;
  if (scenario.refused && played) played->fail("no exchange can take place where the configuration is refused");
  if (!scenario.refused && !played) root.fail("'exchanges' is missing: say what the client sends");
  if (connections && scenario.client.http != 1) {
    root.find("client")->find("http")->fail("'http' says how a client of 'exchanges' speaks; here are 'connections'");
  }
  if (exchanges) readSequence(*exchanges, "exchange", scenario, scenario.exchanges, readExchanges);
  const auto readOne = [](const YamlNode& node, size_t number, const Scenario& known) {
    return std::vector{readConnection(node, number, known)};
  };
  if (connections) readSequence(*connections, "connection", scenario, scenario.connections, readOne);
  return scenario;
}

Scenario loadScenario(const std::filesystem::path& path) {
  std::string text;
  try {
    text = readFile(path, kMaxYamlSize);
  } catch (const std::runtime_error& error) {
    throw ScenarioError(error.what());
  }
  return parseScenario(text, path.string());
}

void useModules(Scenario& scenario, const std::vector<std::filesystem::path>& files) {
  for (auto& filter : scenario.filters) {
    if (filter.module.empty()) {
      if (files.size() != 1) {
        throw ScenarioError(scenario.file + ": there are " + std::to_string(files.size()) +
                            " modules, and a filter does not say which 'module' it is");
      }
      filter.file = files.front();
      continue;
    }
    const auto file =
        std::find_if(files.begin(), files.end(), [&](const auto& path) { return path.stem() == filter.module; });
    if (file == files.end()) {
      throw ScenarioError(scenario.file + ": there is no module " + filter.module +
                          ".wasm; give its file with --module");
    }
    filter.file = *file;
  }
}

}  // namespace sluice::scenario
