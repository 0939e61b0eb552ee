#include "proxy/recording.h"

#include <fcntl.h>
#include <unistd.h>
#include <yaml-cpp/binary.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <stdexcept>

#include "deploy/yaml.h"
#include "players/http1.h"
#include "proxy/secrets.h"

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using scenario::TcpStep;

// The largest scenario file that `sluice test` reads.
constexpr size_t kMaxScenario = 1U << 20U;

// Text as a scenario has it: bytes that are no text are written in base64.
ordered_json textOf(const std::string& bytes) {
  try {
    ordered_json text = bytes;
    static_cast<void>(text.dump());  // Throws where it is not UTF-8.
    return text;
  } catch (const ordered_json::exception&) {
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    return {{"base64", YAML::EncodeBase64(data, bytes.size())}};
  }
}

// Headers that the HTTP connection makes, or that Envoy adds before the filter sees the request.
bool isMadeOnTheWay(const std::string& name) {
  static const std::set<std::string> kNames = {"content-length", "transfer-encoding", "connection", "keep-alive",
                                               "x-forwarded-proto"};
  return name.starts_with(':') || name.starts_with("x-envoy-") || kNames.contains(name);
}

ordered_json fieldsOf(const host::Headers& headers, const std::set<std::string>& without = {}) {
  ordered_json fields = ordered_json::object();
  for (const auto& [name, value] : headers) {
    if (isMadeOnTheWay(name) || without.contains(name)) continue;
    ordered_json& field = fields[name];
    if (field.is_null()) {
      field = textOf(value);
    } else if (field.is_array()) {
      field.push_back(textOf(value));
    } else {
      field = ordered_json::array({field, textOf(value)});
    }
  }
  return fields;
}

void addFields(ordered_json& json, const char* key, const ordered_json& fields) {
  if (!fields.empty()) json[key] = fields;
}

void addRequestLine(ordered_json& json, const host::Message& request) {
  json["method"] = textOf(request.header(":method"));
  json["path"] = textOf(request.header(":path"));
  json["authority"] = textOf(request.header(":authority"));
}

// What a client or an upstream sends.
void addContent(ordered_json& json, const host::Message& message) {
  addFields(json, "headers", fieldsOf(message.headers));
  const std::string body = message.body();
  const bool isChunked = host::headerValue(message.headers, "transfer-encoding").has_value();
  if (!body.empty() && !isChunked) json["body"] = textOf(body);
  if (!body.empty() && isChunked) {
    json["chunks"] = ordered_json::array();
    for (const auto& chunk : message.chunks) json["chunks"].push_back(textOf(chunk));
  }
  addFields(json, "trailers", fieldsOf(message.trailers));
}

// What an upstream or a client receives. It is the same at each play of the scenario, so the time is not in it.
void addExpectation(ordered_json& json, const Tapped& message) {
  addFields(json, "headers", fieldsOf(message.headers, {"date"}));
  if (!message.truncated) json["body"] = textOf(message.body());
  addFields(json, "trailers", fieldsOf(message.trailers));
}

// Expects that the headers which the filter has removed are absent.
void addRemoved(ordered_json& expectation, const host::Headers& before, const host::Headers& after) {
  for (const auto& [name, value] : before) {
    if (isMadeOnTheWay(name) || host::headerValue(after, name)) continue;
    expectation["headers"][name] = {{"absent", true}};
  }
}

// Whether the message has the length that it announces; one that broke off has not.
bool isWhole(const Tapped& message, bool hasBody) {
  const auto length = host::headerValue(message.headers, "content-length");
  return !length || !hasBody || message.truncated || std::to_string(message.body().size()) == *length;
}

// Whether a scenario can play this.
bool canPlay(const TappedExchange& exchange) {
  const Tapped& request = exchange.clientRequest;
  const int status = exchange.clientResponse.status();
  const std::string method = request.header(":method");
  if (method.empty() || method == "CONNECT" || status < 200 || request.truncated) return false;
  const bool toHead = method == "HEAD";
  const auto hasBody = [toHead](const host::Message& response) { return !toHead && scenario::mayHaveBody(response); };
  return !exchange.upstreamResponse.truncated && isWhole(request, true) &&
         isWhole(exchange.upstreamResponse, hasBody(exchange.upstreamResponse)) &&
         isWhole(exchange.clientResponse, hasBody(exchange.clientResponse));
}

ordered_json entryOf(const TappedExchange& exchange) {
  ordered_json request = ordered_json::object();
  addRequestLine(request, exchange.clientRequest);
  addContent(request, exchange.clientRequest);
  ordered_json entry = {
      {"name", textOf(exchange.clientRequest.header(":method") + " " + exchange.clientRequest.header(":path"))},
      {"request", request}};
  ordered_json expected = ordered_json::object();
  if (exchange.upstreamRequest.headers.empty()) {
    expected["upstream"] = "not reached";
  } else {
    ordered_json response = {{"status", exchange.upstreamResponse.status()}};
    addContent(response, exchange.upstreamResponse);
    entry["response"] = response;
    ordered_json upstream = ordered_json::object();
    addRequestLine(upstream, exchange.upstreamRequest);
    addExpectation(upstream, exchange.upstreamRequest);
    addRemoved(upstream, exchange.clientRequest.headers, exchange.upstreamRequest.headers);
    expected["upstream"] = upstream;
  }
  ordered_json client = {{"status", exchange.clientResponse.status()}};
  addExpectation(client, exchange.clientResponse);
  expected["client"] = client;
  entry["expect"] = expected;
  return entry;
}

ordered_json stepOf(const TcpStep& step) {
  const char* who = step.who == TcpStep::Who::Client ? "client" : "upstream";
  switch (step.what) {
    case TcpStep::What::Ends:
      return {{who, "ends"}};
    case TcpStep::What::BreaksOff:
      return {{who, "breaks off"}};
    default:
      return {{who, {{"sends", textOf(step.pieces.front())}}}};
  }
}

ordered_json entryOf(const RelayedConnection& connection) {
  ordered_json steps = ordered_json::array();
  for (const auto& step : connection.steps) steps.push_back(stepOf(step));
  ordered_json expected = ordered_json::object();
  if (connection.reachedUpstream) {
    expected["upstream"] = {{"receives", textOf(connection.upstreamReceived)}};
  } else {
    expected["upstream"] = "not reached";
  }
  expected["client"] = {{"receives", textOf(connection.clientReceived)}};
  return {{"steps", steps}, {"expect", expected}};
}

ordered_json headOf(const scenario::Filter& filter) {
  const host::PluginOptions& plugin = filter.options;
  ordered_json identity = {{"name", textOf(plugin.name)}};
  if (!plugin.rootId.empty()) identity["root_id"] = plugin.rootId;
  if (!plugin.vmId.empty()) identity["vm_id"] = plugin.vmId;
  if (plugin.failPolicy != host::FailPolicy::Closed) {
    identity["failure_policy"] = envoy::failurePolicyName(plugin.failPolicy);
  }
  if (filter.allowOnHeadersStopIteration) identity["allow_on_headers_stop_iteration"] = true;
  ordered_json head = {{"filter", identity}};
  if (!plugin.configuration.empty()) head["configuration"] = textOf(plugin.configuration);
  if (!plugin.vmConfiguration.empty()) head["vm_configuration"] = textOf(plugin.vmConfiguration);
  if (!plugin.environment.empty()) head["environment"] = plugin.environment;
  return head;
}

fs::path beside(const fs::path& file) { return file.string() + ".part"; }

std::string reason(const fs::path& file) { return file.string() + " cannot be written: " + std::strerror(errno); }

int create(const fs::path& file) {
  return ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
}

}  // namespace

Recording::Recording(fs::path file, const scenario::Filter& filter, bool withSecrets)
    : file_(std::move(file)), head_(headOf(filter)), withSecrets_(withSecrets) {
  if (fs::is_directory(file_)) throw std::runtime_error(file_.string() + " is a folder; name a file");
  const int trial = create(beside(file_));
  if (trial < 0) throw std::runtime_error(reason(file_));
  ::close(trial);
  ::unlink(beside(file_).c_str());
}

Recording::~Recording() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Recording::add(const TappedExchange& exchange) {
  if (!canPlay(exchange)) {
    ++left_;
    return;
  }
  TappedExchange shown = exchange;
  if (!withSecrets_) replaceSecrets(shown);
  append("exchanges", entryOf(shown));
}

void Recording::add(const RelayedConnection& connection) {
  if (connection.truncated || connection.steps.empty()) {
    ++left_;
    return;
  }
  append("connections", entryOf(connection));
}

// Each call writes whole entries, so that the file is a scenario after it.
void Recording::append(const char* list, const ordered_json& entry) {
  if (!problem_.empty()) return;
  std::string text = deploy::toYaml(ordered_json::array({entry}));
  const bool isFirst = descriptor_ < 0;
  if (isFirst) {
    text = "# What passed `sluice run --record`. Play it with: sluice test FILE --module MODULE\n" +
           deploy::toYaml(head_) + list + ":\n" + text;
  }
  if (size_ + text.size() > kMaxScenario) {
    problem_ = file_.string() + " is full: a scenario has at most 1 MiB. What passes from now on is not in it";
    return;
  }
  if (isFirst) descriptor_ = create(beside(file_));
  const bool isWritten =
      descriptor_ >= 0 && ::write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (!isWritten || (isFirst && ::rename(beside(file_).c_str(), file_.c_str()) != 0)) {
    problem_ = reason(file_) + ". What passes from now on is not in it";
    if (isFirst) ::unlink(beside(file_).c_str());
    if (descriptor_ >= 0 && !isFirst) static_cast<void>(::ftruncate(descriptor_, static_cast<off_t>(size_)) == 0);
    return;
  }
  size_ += text.size();
  ++recorded_;
}

}  // namespace sluice::proxy
