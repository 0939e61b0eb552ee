#include <algorithm>

#include "scenario/read.h"
#include "scenario/read_text.h"
#include "sluice/host/text.h"

namespace sluice::scenario {

host::Headers readHeaders(const YamlNode& node) {
  host::Headers headers;
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

namespace {

constexpr uint64_t kMaxChunks = 1U << 16U;
// What a chunk takes in memory besides its text.
constexpr uint64_t kChunkSize = sizeof(std::string);

// Reads the keys that requests and responses share: headers, body or chunks, trailers.
void readContent(const YamlNode& node, host::Message& message) {
  if (const auto headers = node.find("headers")) {
    const host::Headers read = readHeaders(*headers);
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
      const uint64_t count = times->number(0, kMaxChunks);
      const std::string piece = readText(*repeat);
      chunks->reserveText((piece.size() + kChunkSize) * count);
      message.chunks.assign(count, piece);
    } else {
      for (const auto& chunk : chunks->items("chunk")) message.chunks.push_back(readText(chunk));
    }
    // An empty chunk would end a chunked body.
    std::erase_if(message.chunks, [](const std::string& chunk) { return chunk.empty(); });
  }
  if (const auto trailers = node.find("trailers")) message.trailers = readHeaders(*trailers);
}

}  // namespace

host::Message readRequest(const std::optional<YamlNode>& node) {
  std::string method = "GET";
  std::string path = "/";
  std::string authority = "sluice.test";
  host::Message request;
  if (node) {
    node->checkKeys({"method", "path", "authority", "headers", "body", "chunks", "trailers", "gives_up_after"});
    if (const auto value = node->find("method")) method = value->text();
    if (const auto value = node->find("path")) path = value->text();
    if (const auto value = node->find("authority")) authority = value->text();
    for (const auto& [what, text] : {std::pair("method", method), {"path", path}, {"authority", authority}}) {
      const bool bad = text.empty() || text.find_first_of(" \r\n\t") != std::string::npos;
      if (bad) node->find(what)->fail(std::string("'") + what + "' must be one word, not " + host::quote(text));
    }
  }
  request.headers = {{":method", method}, {":path", path}, {":authority", authority}};
  if (node) readContent(*node, request);
  return request;
}

host::CalloutReply readReply(const std::optional<YamlNode>& node) {
  using Kind = host::CalloutReply::Kind;
  host::CalloutReply reply;
  uint64_t status = 200;
  if (node && node->isScalar()) {
    const std::string word = node->text();
    if (word != "reset" && word != "never")
      node->fail("'response' must be a mapping or one of the words: reset, never");
    reply.kind = word == "reset" ? Kind::ConnectionTermination : Kind::Never;
    return reply;
  }
  if (node) {
    node->checkKeys({"status", "headers", "body", "chunks", "trailers", "delay", "breaks_off"});
    if (const auto value = node->find("status")) status = value->number(200, 599);
    if (const auto delay = node->find("delay")) reply.delay = delay->duration();
    if (const auto breaksOff = node->find("breaks_off"); breaksOff && breaksOff->boolean()) reply.kind = Kind::Reset;
  }
  reply.response.headers = {{":status", std::to_string(status)}};
  if (node) readContent(*node, reply.response);
  return reply;
}

MessageExpectation readMessageExpectation(const YamlNode& node) {
  MessageExpectation expectation;
  expectation.line = node.line();
  if (const auto status = node.find("status")) {
    HeaderExpectation header{":status", HeaderExpectation::Kind::Values, {}, status->line()};
    header.values.push_back(TextMatcher::equals(std::to_string(status->number(100, 599))));
    expectation.headers.push_back(std::move(header));
  }
  for (const auto& [key, pseudo] : {std::pair("method", ":method"), {"path", ":path"}, {"authority", ":authority"}}) {
    const auto value = node.find(key);
    if (!value) continue;
    HeaderExpectation header{pseudo, HeaderExpectation::Kind::Values, {}, value->line()};
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

Arrival readArrival(const YamlNode& node, const std::string& words) {
  if (!node.isScalar()) return Arrival::Reached;
  if (node.text() != words) node.fail("'" + node.what() + "' must be a mapping or the words: " + words);
  return Arrival::NotReached;
}

MessageExpectation readRequestExpectation(const YamlNode& node) {
  node.checkKeys({"method", "path", "authority", "headers", "body", "trailers"});
  return readMessageExpectation(node);
}

}  // namespace sluice::scenario
