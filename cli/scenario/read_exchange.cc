#include "scenario/read.h"

namespace sluice::scenario {
namespace {

void readExpectations(const YamlNode& node, const Scenario& scenario, ScriptedExchange& exchange) {
  node.checkKeys({"upstream", "client", "services", "grpc_services"});
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

}  // namespace

ScriptedExchange readExchange(const YamlNode& node, size_t number, const Scenario& scenario) {
  node.checkKeys({"name", "request", "response", "expect"});
  ScriptedExchange exchange;
  const auto name = node.find("name");
  exchange.name = name ? name->text() : "exchange " + std::to_string(number);
  const auto request = node.find("request");
  exchange.request = readRequest(request);
  if (request) {
    if (const auto limit = request->find("gives_up_after")) exchange.clientGivesUp = limit->duration();
  }
  exchange.upstreamReply = readReply(node.find("response"));
  if (const auto expect = node.find("expect")) readExpectations(*expect, scenario, exchange);
  return exchange;
}

}  // namespace sluice::scenario
