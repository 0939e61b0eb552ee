#include "players/mock_http.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "players/client_properties.h"
#include "players/http1.h"
#include "sluice/host/text.h"

namespace sluice::scenario {
namespace {

// The headers that Envoy takes from a request before its filters see it: those for the connection, and its own, which
// clients must not set.
const std::set<std::string_view> kTaken = {"connection",
                                           "keep-alive",
                                           "proxy-connection",
                                           "transfer-encoding",
                                           "upgrade",
                                           "x-envoy-expected-rq-timeout-ms",
                                           "x-envoy-force-trace",
                                           "x-envoy-hedge-on-per-try-timeout",
                                           "x-envoy-internal",
                                           "x-envoy-ip-tags",
                                           "x-envoy-max-retries",
                                           "x-envoy-retriable-header-names",
                                           "x-envoy-retriable-status-codes",
                                           "x-envoy-retry-grpc-on",
                                           "x-envoy-retry-on",
                                           "x-envoy-upstream-alt-stat-name",
                                           "x-envoy-upstream-rq-per-try-timeout-ms",
                                           "x-envoy-upstream-rq-timeout-alt-response",
                                           "x-envoy-upstream-rq-timeout-ms",
                                           "x-envoy-upstream-stream-duration-ms",
                                           "x-forwarded-client-cert"};

const std::set<std::string_view> kMethods = {
    "ACL",    "BIND",      "CHECKOUT", "CONNECT",    "COPY",       "DELETE", "GET",        "HEAD",   "LINK",
    "LOCK",   "M-SEARCH",  "MERGE",    "MKACTIVITY", "MKCALENDAR", "MKCOL",  "MOVE",       "NOTIFY", "OPTIONS",
    "PATCH",  "POST",      "PROPFIND", "PROPPATCH",  "PURGE",      "PUT",    "REBIND",     "REPORT", "SEARCH",
    "SOURCE", "SUBSCRIBE", "TRACE",    "UNBIND",     "UNLINK",     "UNLOCK", "UNSUBSCRIBE"};

// The words of all values of a header that is a list, in lower case.
std::set<std::string> words(const host::Headers& headers, std::string_view name) {
  std::set<std::string> found;
  for (const auto& value : host::headerValues(headers, name)) {
    std::istringstream list(value);
    for (std::string word; std::getline(list, word, ',');) {
      const size_t start = word.find_first_not_of(" \t");
      if (start == std::string::npos) continue;
      found.insert(host::lowerCase(word.substr(start, word.find_last_not_of(" \t") + 1 - start)));
    }
  }
  return found;
}

// Where the target of a request is a whole URL ("http://host/path"), the index of its host; else 0.
size_t hostInTarget(const std::string& target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.starts_with(scheme)) return scheme.size();
  }
  return 0;
}

// Envoy removes a referer that is no URL, or has a fragment or user information.
bool isReferer(std::string_view value) {
  const bool hasUrlCharacters = std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("-._~!$&'()*+,;=:@/?%").find(c) != std::string_view::npos;
  });
  if (!hasUrlCharacters) return false;
  if (const size_t start = hostInTarget(std::string(value)); start > 0) {
    return value.substr(start, value.find('/', start) - start).find('@') == std::string_view::npos;
  }
  // The first part of a relative reference has no colon.
  return value.substr(0, value.find('/')).find(':') == std::string_view::npos;
}

std::string schemeOf(const Client& client) { return client.tls ? "https" : "http"; }

// The pseudo-headers, in the order in which Envoy's codec makes them.
host::Headers pseudoHeaders(const host::Message& request, const Client& client) {
  const auto forwarded = host::headerValues(request.headers, "x-forwarded-proto");
  const bool isKnown = forwarded.size() == 1 && (forwarded.front() == "http" || forwarded.front() == "https");
  const std::string scheme = isKnown ? forwarded.front() : schemeOf(client);
  if (client.http == 2) {
    return {{":method", request.header(":method")},
            {":scheme", scheme},
            {":authority", request.header(":authority")},
            {":path", request.header(":path")}};
  }
  const std::string target = request.header(":path");
  const size_t start = hostInTarget(target);
  if (start == 0) {
    return {{":authority", request.header(":authority")},
            {":path", target},
            {":method", request.header(":method")},
            {":scheme", scheme}};
  }
  const size_t slash = target.find('/', start);
  return {{":authority", target.substr(start, slash - start)},
          {":scheme", scheme},
          {":path", slash == std::string::npos ? "/" : target.substr(slash)},
          {":method", request.header(":method")}};
}

// The headers as Envoy's connection manager gives them to the filters: it removes some and adds one of its own.
host::Headers requestHeaders(const host::Message& request, const Client& client) {
  host::Headers headers = pseudoHeaders(request, client);
  const std::set<std::string> ofConnection = words(request.headers, "connection");
  std::string referer;
  for (const auto& value : host::headerValues(request.headers, "referer")) referer += "," + value;
  const bool keepsReferer = !referer.empty() && isReferer(std::string_view(referer).substr(1));
  bool hasForwardedProto = false;
  for (const auto& [name, value] : request.headers) {
    const std::string lower = host::lowerCase(name);
    if (lower.starts_with(':') || kTaken.contains(lower)) continue;
    if (lower == "te") {
      if (words(request.headers, "te").contains("trailers") && !host::headerValue(headers, "te")) {
        headers.emplace_back("te", "trailers");
      }
      continue;
    }
    if (ofConnection.contains(lower)) continue;
    if (lower == "expect" && host::lowerCase(value) == "100-continue") continue;
    if (lower == "referer" && !keepsReferer) continue;
    hasForwardedProto = hasForwardedProto || lower == "x-forwarded-proto";
    headers.emplace_back(name, value);
  }
  if (!request.isChunked() && !request.chunks.empty()) {
    if (auto field = framing(request, request.body().size())) headers.push_back(std::move(*field));
  }
  if (!hasForwardedProto) headers.emplace_back("x-forwarded-proto", schemeOf(client));
  return headers;
}

host::Message refusal(int status, std::string_view body, bool closes) {
  host::Message response = host::respond(status, body);
  if (body.empty()) {
    response.headers.emplace_back("content-length", "0");
  } else {
    response.headers.emplace_back("content-type", "text/plain");
  }
  if (closes) response.headers.emplace_back("connection", "close");
  return response;
}

// HTTP/1.1 marks the end of a chunked body only after its last piece, so the end comes as an empty piece. Where the
// length is known, it comes together with the last piece. HTTP/2 marks the last piece itself.
template <class SendHeaders, class SendBody, class SendRest, class SendTrailers>
Pieces piecesOf(const host::Message& message, bool withBody, unsigned http, SendHeaders sendHeaders, SendBody sendBody,
                SendRest sendRest, SendTrailers sendTrailers) {
  const bool hasNothing = message.chunks.empty() && message.trailers.empty() && http == 2;
  const bool empty = !withBody || hasNothing || (!message.isChunked() && message.body().empty());
  Pieces pieces = {[=] { sendHeaders(empty); }};
  if (empty) return pieces;
  if (!message.isChunked() && http == 1) {
    pieces.emplace_back([=, &message] { sendRest(message.body()); });
    return pieces;
  }
  const bool marksLast = http == 2 && message.trailers.empty();
  for (const auto& chunk : message.chunks) {
    pieces.emplace_back(
        [=, &chunk, isLast = marksLast && &chunk == &message.chunks.back()] { sendBody(chunk, isLast); });
  }
  if (!message.trailers.empty()) {
    pieces.emplace_back([=, &message] { sendTrailers(message.trailers); });
  } else if (!marksLast) {
    pieces.emplace_back([=] { sendBody(std::string(), true); });
  }
  return pieces;
}

Pieces responsePieces(host::HttpStream& stream, const host::Message& response, bool toHead) {
  return piecesOf(
      response, !toHead && mayHaveBody(response), 1,
      [&stream, &response](bool end) { stream.responseHeaders(responseHeaders(response), end); },
      [&stream](const std::string& chunk, bool end) { stream.responseBody(chunk, end); },
      [&stream](const std::string& body) { stream.responseBodyThenEnd(body); },
      [&stream](const host::Headers& trailers) { stream.responseTrailers(trailers); });
}

}  // namespace

host::Headers responseHeaders(const host::Message& response) {
  host::Headers headers;
  for (const auto& [name, value] : response.headers) {
    const std::string lower = host::lowerCase(name);
    const bool isTaken = lower == "keep-alive" || (lower == "content-length" && response.status() == 204);
    if (!isTaken) headers.emplace_back(name, value);
  }
  const auto length = mayHaveBody(response) ? std::optional(response.body().size()) : std::nullopt;
  if (auto field = framing(response, length)) headers.push_back(std::move(*field));
  return headers;
}

host::Headers brokenOffHeaders(const host::Message& response) {
  host::Message whole = response;
  whole.chunks.emplace_back(1, '.');
  return responseHeaders(whole);
}

std::optional<host::Message> refusalOf(const host::Message& request, const Client& client) {
  if (client.http == 2) {
    return request.header(":path").find('#') == std::string::npos ? std::nullopt
                                                                  : std::optional(refusal(400, "", false));
  }
  constexpr std::string_view kBadRequest = "Bad Request";
  const std::string target = request.header(":path");
  const bool hasOddByte = std::any_of(target.begin(), target.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte >= 0x7f;
  });
  const std::string method = request.header(":method");
  const bool isConnect = method == "CONNECT";
  const bool isPath = target.starts_with('/') || (target == "*" && method == "OPTIONS") || hostInTarget(target) > 0;
  if (!kMethods.contains(method) || hasOddByte || isPath == isConnect) return refusal(400, kBadRequest, true);
  const std::set<std::string> ofConnection = words(request.headers, "connection");
  for (const char* name : {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}) {
    if (ofConnection.contains(name)) return refusal(400, kBadRequest, true);
  }
  if (ofConnection.contains("host") || target.find('#') != std::string::npos) return refusal(400, "", true);
  if (target == "*") return refusal(404, "", false);
  const std::string upgrade = host::lowerCase(request.header("upgrade"));
  if (ofConnection.contains("upgrade") && !upgrade.empty() && upgrade != "h2c") return refusal(403, "", true);
  return std::nullopt;
}

void setClientProperties(host::HttpStream& stream, const Client& client) {
  for (const auto& [path, value] : clientProperties(client)) stream.setProperty(path, value);
}

Pieces requestPieces(host::HttpStream& stream, const host::Message& request, const Client& client) {
  return piecesOf(
      request, true, client.http,
      [&stream, &request, &client](bool end) { stream.requestHeaders(requestHeaders(request, client), end); },
      [&stream](const std::string& chunk, bool end) { stream.requestBody(chunk, end); },
      [&stream](const std::string& body) { stream.requestBodyThenEnd(body); },
      [&stream](const host::Headers& trailers) { stream.requestTrailers(trailers); });
}

Pieces replyPieces(host::HttpStream& stream, const host::CalloutReply& reply, bool toHead) {
  using Kind = host::CalloutReply::Kind;
  switch (reply.kind) {
    case Kind::Never:
      return {};
    case Kind::ConnectionFailure:
    case Kind::ConnectionTermination:
      return {[&stream] { stream.upstreamReset(); }};
    case Kind::Reset:
      break;
    case Kind::Response:
      return responsePieces(stream, reply.response, toHead);
  }
  if (toHead || !mayHaveBody(reply.response)) {  // There is no body to break off.
    return {[&stream, &reply] { stream.responseHeaders(brokenOffHeaders(reply.response), true); }};
  }
  Pieces pieces = {[&stream, &reply] { stream.responseHeaders(brokenOffHeaders(reply.response), false); }};
  for (const auto& chunk : reply.response.chunks) {
    if (chunk.empty()) continue;
    pieces.emplace_back([&stream, &chunk] { stream.responseBody(chunk, false); });
  }
  pieces.emplace_back([&stream] { stream.upstreamReset(); });
  return pieces;
}

}  // namespace sluice::scenario
