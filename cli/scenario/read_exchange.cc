#include "scenario/read.h"

namespace sluice::scenario {
namespace {

void readExpectations(const YamlNode& node, const Scenario& scenario, ScriptedExchange& exchange) {
  node.checkKeys({"upstream", "client", "services", "grpc_services"});
  if (const auto upstream = node.find("upstream")) {
    if (upstream->isScalar()) {
      if (upstream->text() != "not reached") upstream->fail("'upstream' must be a mapping or the words: not reached");
      exchange.upstream = Arrival::NotReached;
    } else {
      exchange.upstream = Arrival::Reached;
      exchange.upstreamExpectation = readRequestExpectation(*upstream);
    }
  }
  if (const auto client = node.find("client")) {
    if (client->isScalar()) {
      if (client->text() != "no response") client->fail("'client' must be a mapping or the words: no response");
      exchange.client = Arrival::NotReached;
    } else {
      client->checkKeys({"status", "headers", "body", "trailers"});
      exchange.client = Arrival::Reached;
      exchange.clientExpectation = readMessageExpectation(*client);
    }
  }
  if (const auto received = node.find("services")) {
    exchange.services = readServiceExpectations(*received, scenario.services);
  }
  if (const auto received = node.find("grpc_services")) {
    exchange.grpcServices = readGrpcExpectations(*received, scenario.grpcServices);
  }
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
