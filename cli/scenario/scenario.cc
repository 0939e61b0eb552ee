#include "scenario/scenario.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "scenario/text.h"
#include "scenario/yaml.h"

namespace sluice::scenario {
namespace {

LogLevel readLevel(const YamlNode& node) {
  const std::string word = node.text();
  if (const auto level = levelNamed(word)) return *level;
  node.fail("unknown log level '" + word + "'; levels: trace, debug, info, warn, error, critical");
}

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

PluginSettings readPlugin(const YamlNode& scenario) {
  PluginSettings plugin;
  if (const auto filter = scenario.find("filter")) {
    filter->checkKeys({"name", "root_id", "vm_id", "failure_policy", "allow_on_headers_stop_iteration"});
    if (const auto name = filter->find("name")) plugin.name = name->text();
    if (const auto rootId = filter->find("root_id")) plugin.rootId = rootId->text();
    if (const auto vmId = filter->find("vm_id")) plugin.vmId = vmId->text();
    if (const auto policy = filter->find("failure_policy")) plugin.failurePolicy = readFailurePolicy(*policy);
    if (const auto allow = filter->find("allow_on_headers_stop_iteration")) {
      plugin.allowOnHeadersStopIteration = allow->boolean();
    }
  }
  if (const auto configuration = scenario.find("configuration"))
    plugin.configuration = readConfiguration(*configuration);
  if (const auto configuration = scenario.find("vm_configuration")) {
    plugin.vmConfiguration = readConfiguration(*configuration);
  }
  if (const auto environment = scenario.find("environment")) {
    for (const auto& [name, value] : environment->entries()) plugin.environment[name] = value.text();
  }
  if (const auto level = scenario.find("log_level")) plugin.logLevel = readLevel(*level);
  return plugin;
}

// A mapping of names to a value or a list of values.
Headers readHeaders(const YamlNode& node) {
  Headers headers;
  for (const auto& [name, value] : node.entries()) {
    if (name.starts_with(':'))
      value.fail("'" + name + "' is not a header to list here; use method, path, authority or status");
    if (value.isSequence()) {
      for (const auto& item : value.items(name)) headers.emplace_back(name, readText(item));
    } else {
      headers.emplace_back(name, readText(value));
    }
  }
  return headers;
}

// The keys that requests and responses share: headers, body or chunks, trailers.
void readContent(const YamlNode& node, Message& message) {
  if (const auto headers = node.find("headers")) {
    const Headers read = readHeaders(*headers);
    message.headers.insert(message.headers.end(), read.begin(), read.end());
  }
  const auto body = node.find("body");
  const auto chunks = node.find("chunks");
  if (body && chunks) chunks->fail("'body' and 'chunks' exclude each other: chunks are the pieces of a body");
  if (body) message.chunks = {readText(*body)};
  if (chunks) {
    message.chunked = true;
    if (chunks->isMapping()) {  // { repeat: text, times: n }: n equal chunks
      chunks->checkKeys({"repeat", "times"});
      const auto repeat = chunks->find("repeat");
      const auto times = chunks->find("times");
      if (!repeat || !times) chunks->fail("'chunks' as a mapping needs both 'repeat' and 'times'");
      message.chunks.assign(times->number(0, 1U << 20U), readText(*repeat));
    } else {
      for (const auto& chunk : chunks->items("chunk")) message.chunks.push_back(readText(chunk));
    }
    // A chunk without bytes would end a chunked body.
    std::erase_if(message.chunks, [](const std::string& chunk) { return chunk.empty(); });
  }
  if (const auto trailers = node.find("trailers")) message.trailers = readHeaders(*trailers);
}

Message readRequest(const std::optional<YamlNode>& node) {
  std::string method = "GET";
  std::string path = "/";
  std::string authority = "sluice.test";
  Message request;
  if (node) {
    node->checkKeys({"method", "path", "authority", "headers", "body", "chunks", "trailers"});
    if (const auto value = node->find("method")) method = value->text();
    if (const auto value = node->find("path")) path = value->text();
    if (const auto value = node->find("authority")) authority = value->text();
    for (const auto& [what, text] : {std::pair("method", method), {"path", path}, {"authority", authority}}) {
      const bool bad = text.empty() || text.find_first_of(" \r\n\t") != std::string::npos;
      if (bad) node->find(what)->fail(std::string("'") + what + "' must be one word, not " + quote(text));
    }
  }
  request.headers = {{":method", method}, {":path", path}, {":authority", authority}};
  if (node) readContent(*node, request);
  return request;
}

Message readResponse(const std::optional<YamlNode>& node) {
  std::uint64_t status = 200;
  if (node) {
    node->checkKeys({"status", "headers", "body", "chunks", "trailers"});
    if (const auto value = node->find("status")) status = value->number(200, 599);
  }
  Message response;
  response.headers = {{":status", std::to_string(status)}};
  if (node) readContent(*node, response);
  return response;
}

MessageExpectation readMessageExpectation(const YamlNode& node) {
  MessageExpectation expectation;
  if (const auto status = node.find("status")) {
    HeaderExpectation header{":status", HeaderExpectation::Kind::kValues, {}};
    header.values.push_back(TextMatcher::equals(std::to_string(status->number(100, 599))));
    expectation.headers.push_back(std::move(header));
  }
  for (const auto& [key, pseudo] : {std::pair("method", ":method"), {"path", ":path"}, {"authority", ":authority"}}) {
    const auto value = node.find(key);
    if (!value) continue;
    HeaderExpectation header{pseudo, HeaderExpectation::Kind::kValues, {}};
    header.values.push_back(readMatcher(*value));
    expectation.headers.push_back(std::move(header));
  }
  if (const auto headers = node.find("headers")) {
    for (auto& header : readHeaderExpectations(*headers)) expectation.headers.push_back(std::move(header));
  }
  if (const auto body = node.find("body")) expectation.body = readMatcher(*body);
  if (const auto trailers = node.find("trailers")) expectation.trailers = readHeaderExpectations(*trailers);
  return expectation;
}

void readExchangeExpectation(const YamlNode& node, Exchange& exchange) {
  node.checkKeys({"upstream", "client"});
  if (const auto upstream = node.find("upstream")) {
    if (upstream->isScalar()) {
      if (upstream->text() != "not reached") upstream->fail("'upstream' must be a mapping or the words: not reached");
      exchange.upstream = Exchange::End::kNotReached;
    } else {
      upstream->checkKeys({"method", "path", "authority", "headers", "body", "trailers"});
      exchange.upstream = Exchange::End::kReached;
      exchange.upstreamExpectation = readMessageExpectation(*upstream);
    }
  }
  if (const auto client = node.find("client")) {
    if (client->isScalar()) {
      if (client->text() != "no response") client->fail("'client' must be a mapping or the words: no response");
      exchange.client = Exchange::End::kNotReached;
    } else {
      client->checkKeys({"status", "headers", "body", "trailers"});
      exchange.client = Exchange::End::kReached;
      exchange.clientExpectation = readMessageExpectation(*client);
    }
  }
}

Exchange readExchange(const YamlNode& node, std::size_t number) {
  node.checkKeys({"name", "request", "response", "expect"});
  Exchange exchange;
  const auto name = node.find("name");
  exchange.name = name ? name->text() : "exchange " + std::to_string(number);
  exchange.request = readRequest(node.find("request"));
  const auto response = node.find("response");
  if (response && response->isScalar()) {
    if (response->text() != "reset") response->fail("'response' must be a mapping or the word: reset");
    exchange.upstreamResets = true;
  } else {
    exchange.response = readResponse(response);
  }
  if (const auto expect = node.find("expect")) readExchangeExpectation(*expect, exchange);
  return exchange;
}

LogExpectation readLogExpectation(const YamlNode& node) {
  node.checkKeys({"level", "equals", "contains", "matches", "absent"});
  LogExpectation expectation;
  if (const auto level = node.find("level")) expectation.level = readLevel(*level);
  expectation.text = findMatcher(node);
  if (const auto absent = node.find("absent")) expectation.absent = absent->boolean();
  if (!expectation.level && !expectation.text)
    node.fail("a log line needs a level or a text: equals, contains or matches");
  return expectation;
}

void readExpectation(const YamlNode& node, Scenario& scenario) {
  node.checkKeys({"configuration", "log"});
  if (const auto configuration = node.find("configuration")) {
    const std::string word = configuration->text();
    if (word != "accepted" && word != "refused") configuration->fail("'configuration' must be 'accepted' or 'refused'");
    scenario.refused = word == "refused";
  }
  if (const auto log = node.find("log")) {
    for (const auto& line : log->items("log line")) scenario.log.push_back(readLogExpectation(line));
  }
}

}  // namespace

Scenario parseScenario(const std::string& yaml, std::string file) {
  Scenario scenario;
  scenario.file = file;
  const YamlNode root = YamlNode::parse(yaml, std::move(file));
  root.checkKeys({"filter", "configuration", "vm_configuration", "environment", "log_level", "exchanges", "expect"});
  scenario.plugin = readPlugin(root);
  if (const auto expect = root.find("expect")) readExpectation(*expect, scenario);
  const auto exchanges = root.find("exchanges");
  if (scenario.refused && exchanges) exchanges->fail("no exchange can take place where the configuration is refused");
  if (!scenario.refused && !exchanges) root.fail("'exchanges' is missing: say what the client sends");
  if (exchanges) {
    for (const auto& exchange : exchanges->items("exchange")) {
      scenario.exchanges.push_back(readExchange(exchange, scenario.exchanges.size() + 1));
    }
    if (scenario.exchanges.empty()) exchanges->fail("'exchanges' is empty");
  }
  return scenario;
}

Scenario loadScenario(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  if (std::filesystem::is_directory(path) || !stream || !(text << stream.rdbuf())) {
    throw ScenarioError(path.string() + ": cannot be read, or is empty");
  }
  return parseScenario(text.str(), path.string());
}

}  // namespace sluice::scenario
