#include <string>
#include <utility>
#include <vector>

#include "scenario/read.h"
#include "sluice/host/text.h"

namespace sluice::scenario {
namespace {

constexpr uint64_t kMaxRepeats = 10'000;
constexpr size_t kMaxTogether = 256;

void readExpectations(const YamlNode& node, const Scenario& scenario, bool together, ScriptedExchange& exchange) {
  if (together) {
    for (const auto* key : {"services", "grpc_services"}) {
      const auto calls = node.find(key);
      if (calls) calls->fail("write what services receive in the 'expect' beside 'together': for all these exchanges");
    }
    node.checkKeys({"upstream", "client", "callbacks"});
  } else {
    node.checkKeys({"upstream", "client", "services", "grpc_services", "callbacks"});
  }
  if (const auto callbacks = node.find("callbacks")) exchange.callbacks = readCallbackExpectations(*callbacks, true);
  if (const auto upstream = node.find("upstream")) {
    exchange.upstream = readArrival(*upstream, "not reached");
    if (exchange.upstream == Arrival::Reached) exchange.upstreamExpectation = readRequestExpectation(*upstream);
    exchange.upstreamExpectation.line = upstream->line();
  }
  if (const auto client = node.find("client")) {
    exchange.client = readArrival(*client, "no response");
    if (exchange.client == Arrival::Reached) {
      client->checkKeys({"status", "headers", "body", "trailers"});
      exchange.clientExpectation = readMessageExpectation(*client);
    }
    exchange.clientExpectation.line = client->line();
  }
  exchange.calls = readExpectedCalls(node, scenario);
}

// The headers that HTTP/2 does not have: they are about a connection of HTTP/1.1.
void checkHttp2(const YamlNode& request) {
  const auto headers = request.find("headers");
  if (!headers) return;
  for (const auto& [name, value] : headers->entries()) {
    for (const auto* forbidden : {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}) {
      if (host::lowerCase(name) == forbidden) value.fail("a request of HTTP/2 cannot have the header '" + name + "'");
    }
  }
}

// The memory that copies of an exchange take, in bytes of text.
uint64_t textOf(const ScriptedExchange& exchange) {
  uint64_t size = exchange.request.body().size() + exchange.upstreamReply.response.body().size();
  for (const auto& body : {exchange.upstreamExpectation.body, exchange.clientExpectation.body}) {
    if (body) size += body->describe().size();
  }
  return size;
}

ScriptedExchange readExchange(const YamlNode& node, size_t number, const Scenario& scenario, bool together) {
  ScriptedExchange exchange;
  const auto name = node.find("name");
  exchange.name = name ? name->text() : "exchange " + std::to_string(number);
  const auto request = node.find("request");
  exchange.request = readRequest(request);
  if (request) {
    if (const auto limit = request->find("gives_up_after")) exchange.clientGivesUp = limit->duration();
    if (scenario.client.http == 2) checkHttp2(*request);
  }
  exchange.upstreamReply = readReply(node.find("response"));
  if (const auto expect = node.find("expect")) readExpectations(*expect, scenario, together, exchange);
  return exchange;
}

// Reads an exchange and makes its copies.
std::vector<ScriptedExchange> readRepeated(const YamlNode& node, size_t number, const Scenario& scenario,
                                           bool together = false) {
  node.checkKeys({"name", "repeat", "request", "response", "expect"});
  const ScriptedExchange exchange = readExchange(node, number, scenario, together);
  const auto repeat = node.find("repeat");
  const uint64_t count = repeat ? repeat->number(1, kMaxRepeats) : 1;
  node.reserveText(textOf(exchange) * (count - 1));
  std::vector<ScriptedExchange> exchanges(count, exchange);
  for (size_t i = 0; i < count && count > 1; ++i) {
    exchanges[i].name += " (" + std::to_string(i + 1) + " of " + std::to_string(count) + ")";
  }
  return exchanges;
}

std::vector<ScriptedExchange> readTogether(const YamlNode& node, size_t number, const Scenario& scenario) {
  node.checkKeys({"together", "expect"});
  const auto entries = node.find("together")->items("exchange");
  if (entries.empty()) node.fail("'together' is empty");
  std::vector<ScriptedExchange> exchanges;
  for (const auto& entry : entries) {
    for (auto& exchange : readRepeated(entry, number + exchanges.size(), scenario, true)) {
      exchange.together = !exchanges.empty();
      exchanges.push_back(std::move(exchange));
      if (exchanges.size() > kMaxTogether) {
        node.fail("more than " + std::to_string(kMaxTogether) + " exchanges together");
      }
    }
  }
  if (const auto expect = node.find("expect")) {
    expect->checkKeys({"services", "grpc_services"});
    exchanges.front().calls = readExpectedCalls(*expect, scenario);
  }
  return exchanges;
}

}  // namespace

std::vector<ScriptedExchange> readExchanges(const YamlNode& node, size_t number, const Scenario& scenario) {
  return node.find("together") ? readTogether(node, number, scenario) : readRepeated(node, number, scenario);
}

}  // namespace sluice::scenario
