#include <algorithm>

#include "scenario/read.h"
#include "scenario/read_text.h"

namespace sluice::scenario {
namespace {

TcpStep readSending(const YamlNode& node) {
  node.checkKeys({"sends", "pieces_of"});
  const auto sends = node.find("sends");
  if (!sends) node.fail("'" + node.what() + "' must say what it sends, or be one of the words: ends, breaks off");
  TcpStep step;
  step.what = TcpStep::What::Sends;
  std::string text = readText(*sends);
  size_t size = std::max<size_t>(text.size(), 1);
  if (const auto pieces = node.find("pieces_of")) size = pieces->number(1, UINT32_MAX);
  for (size_t begin = 0; begin < text.size(); begin += size) step.pieces.push_back(text.substr(begin, size));
  return step;
}

TcpStep readSide(const YamlNode& node, TcpStep::Who who) {
  TcpStep step;
  if (node.isScalar()) {
    const std::string word = node.text();
    if (word != "ends" && word != "breaks off") {
      node.fail("'" + node.what() + "' must be a mapping or one of the words: ends, breaks off");
    }
    step.what = word == "ends" ? TcpStep::What::Ends : TcpStep::What::BreaksOff;
  } else {
    step = readSending(node);
  }
  step.who = who;
  return step;
}

TcpStep readStep(const YamlNode& node) {
  node.checkKeys({"client", "upstream", "wait"});
  const auto entries = node.entries();
  if (entries.size() != 1) node.fail("a step is one of client, upstream, wait");
  const auto& [key, value] = entries.front();
  if (key != "wait") return readSide(value, key == "client" ? TcpStep::Who::Client : TcpStep::Who::Upstream);
  TcpStep step;
  step.time = value.duration();
  return step;
}

TcpExpectation readTcpExpectation(const YamlNode& node) {
  node.checkKeys({"receives", "ends"});
  TcpExpectation expectation;
  expectation.line = node.line();
  if (const auto receives = node.find("receives")) expectation.receives = readMatcher(*receives);
  if (const auto ends = node.find("ends")) expectation.ends = ends->boolean();
  return expectation;
}

void readExpectations(const YamlNode& node, const Scenario& scenario, ScriptedConnection& connection) {
  node.checkKeys({"upstream", "client", "services", "grpc_services", "callbacks"});
  if (const auto callbacks = node.find("callbacks")) {
    connection.callbacks = readCallbackExpectations(*callbacks, true);
  }
  if (const auto upstream = node.find("upstream")) {
    connection.upstream = readArrival(*upstream, "not reached");
    if (connection.upstream == Arrival::Reached) connection.upstreamExpectation = readTcpExpectation(*upstream);
    connection.upstreamExpectation.line = upstream->line();
  }
  if (const auto client = node.find("client")) connection.clientExpectation = readTcpExpectation(*client);
  connection.calls = readExpectedCalls(node, scenario);
}

}  // namespace

ScriptedConnection readConnection(const YamlNode& node, size_t number, const Scenario& scenario) {
  node.checkKeys({"name", "steps", "expect"});
  ScriptedConnection connection;
  const auto name = node.find("name");
  connection.name = name ? name->text() : "connection " + std::to_string(number);
  if (const auto steps = node.find("steps")) {
    for (const auto& step : steps->items("step")) connection.steps.push_back(readStep(step));
  }
  if (const auto expect = node.find("expect")) readExpectations(*expect, scenario, connection);
  return connection;
}

}  // namespace sluice::scenario
