#include <algorithm>

#include "scenario/read.h"
#include "scenario/read_text.h"
#include "sluice/host/text.h"

namespace sluice::scenario {
namespace {

std::vector<std::string> readTexts(const YamlNode& node, std::string_view what) {
  std::vector<std::string> texts;
  for (const auto& text : node.items(what)) texts.push_back(readText(text));
  return texts;
}

host::Headers readMetadata(const YamlNode& node) {
  host::Headers metadata = readHeaders(node);
  for (const auto& [name, value] : metadata) {
    if (host::lowerCase(name) == name) continue;
    node.fail("'" + name + "' cannot be a name of metadata: HTTP/2 has no upper case there");
  }
  return metadata;
}

GrpcStatus readStatus(const YamlNode& node) {
  if (node.isScalar()) {
    if (const auto status = grpcStatusNamed(node.text())) return *status;
    if (const auto text = node.text(); !text.empty() && text.find_first_not_of("0123456789") == std::string::npos) {
      return static_cast<GrpcStatus>(node.number(0, UINT32_MAX));
    }
  }
  node.fail("'status' must be a gRPC status, such as OK, NOT_FOUND or 5");
}

host::GrpcReply readGrpcReply(const YamlNode& node) {
  using Kind = host::GrpcReply::Kind;
  host::GrpcReply reply;
  if (node.isScalar()) {
    const std::string word = node.text();
    if (word == "reset") {
      reply.kind = Kind::Reset;
    } else if (word == "malformed") {
      reply.kind = Kind::Malformed;
    } else if (word == "never") {
      reply.kind = Kind::Never;
    } else {
      node.fail("'response' must be a mapping or one of the words: reset, malformed, never");
    }
    return reply;
  }
  node.checkKeys({"initial_metadata", "messages", "trailing_metadata", "status", "message", "trailers_only",
                  "http_status", "delay"});
  if (const auto metadata = node.find("initial_metadata")) reply.initialMetadata = readMetadata(*metadata);
  if (const auto messages = node.find("messages")) reply.messages = readTexts(*messages, "message");
  if (const auto metadata = node.find("trailing_metadata")) reply.trailingMetadata = readMetadata(*metadata);
  if (const auto status = node.find("status")) reply.status = readStatus(*status);
  if (const auto message = node.find("message")) reply.statusMessage = readText(*message);
  if (const auto delay = node.find("delay")) reply.delay = delay->duration();
  if (const auto only = node.find("trailers_only")) reply.trailersOnly = only->boolean();
  if (reply.trailersOnly && (node.find("messages") || node.find("initial_metadata"))) {
    node.fail("with 'trailers_only' there are neither messages nor initial metadata");
  }
  if (const auto status = node.find("http_status")) {
    for (const auto& [key, value] : node.entries()) {
      if (key != "http_status" && key != "delay") value.fail("with 'http_status' there is no '" + key + "'");
    }
    reply.kind = Kind::NotGrpc;
    reply.httpStatus = static_cast<uint32_t>(status->number(200, 599));
  }
  return reply;
}

GrpcRule readGrpcRule(const YamlNode& node) {
  node.checkKeys({"request", "times", "greeting", "echo", "after_messages", "response"});
  GrpcRule rule;
  if (const auto request = node.find("request")) {
    request->checkKeys({"method", "metadata"});
    if (const auto method = request->find("method")) rule.method = readMatcher(*method);
    if (const auto metadata = request->find("metadata")) rule.metadata = readHeaderExpectations(*metadata);
  }
  if (const auto times = node.find("times")) rule.times = times->number(1, UINT32_MAX);
  if (const auto greeting = node.find("greeting")) rule.greeting = readTexts(*greeting, "message");
  if (const auto echo = node.find("echo")) rule.echo = echo->boolean();
  if (const auto after = node.find("after_messages")) rule.after = after->number(0, UINT32_MAX);
  if (const auto response = node.find("response")) rule.reply = readGrpcReply(*response);
  return rule;
}

GrpcCallExpectation readGrpcCallExpectation(const YamlNode& node) {
  node.checkKeys({"method", "metadata", "messages", "count", "cancelled"});
  GrpcCallExpectation expectation;
  expectation.line = node.line();
  if (const auto method = node.find("method")) expectation.method = readMatcher(*method);
  if (const auto metadata = node.find("metadata")) expectation.metadata = readHeaderExpectations(*metadata);
  if (const auto messages = node.find("messages")) {
    expectation.messages.emplace();
    for (const auto& message : messages->items("message")) expectation.messages->push_back(readMatcher(message));
  }
  if (const auto count = node.find("count")) expectation.count = count->number(0, UINT32_MAX);
  if (const auto cancelled = node.find("cancelled")) expectation.canceled = cancelled->boolean();
  return expectation;
}

}  // namespace

std::vector<ScriptedGrpcService> readGrpcServices(const YamlNode& node, const std::vector<ScriptedService>& others) {
  std::vector<ScriptedGrpcService> services;
  for (const auto& [name, value] : node.entries()) {
    checkServiceName(name, value);
    if (std::any_of(others.begin(), others.end(), [&](const ScriptedService& other) { return other.name == name; })) {
      value.fail("'" + name + "' is one of 'services' already");
    }
    ScriptedGrpcService& service = services.emplace_back();
    service.name = name;
    service.unreachable =
        readRules(name, value, [&](const YamlNode& rule) { service.rules.push_back(readGrpcRule(rule)); });
  }
  return services;
}

std::vector<GrpcExpectation> readGrpcExpectations(const YamlNode& node,
                                                  const std::vector<ScriptedGrpcService>& services) {
  std::vector<GrpcExpectation> expectations;
  readReceived(node, services, "grpc_services", "call",
               [&](const std::string& name, const YamlNode& value, const YamlNode* call) {
                 if (call == nullptr) {
                   expectations.push_back({name, {}, value.line()});
                 } else {
                   expectations.back().calls.push_back(readGrpcCallExpectation(*call));
                 }
               });
  return expectations;
}

}  // namespace sluice::scenario
