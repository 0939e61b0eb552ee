#include "players/mock_http.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

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

// The pseudo-headers, in the order in which Envoy's codec makes them.
host::Headers pseudoHeaders(const host::Message& request) {
  const auto forwarded = host::headerValues(request.headers, "x-forwarded-proto");
  const bool isKnown = forwarded.size() == 1 && (forwarded.front() == "http" || forwarded.front() == "https");
  const std::string scheme = isKnown ? forwarded.front() : "http";
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
host::Headers requestHeaders(const host::Message& request) {
  host::Headers headers = pseudoHeaders(request);
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
  if (!hasForwardedProto) headers.emplace_back("x-forwarded-proto", "http");
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
// length is known, it comes together with the last piece.
template <class SendHeaders, class SendBody, class SendRest, class SendTrailers>
void sendPieces(const host::Message& message, bool withBody, const SendHeaders& sendHeaders, const SendBody& sendBody,
                const SendRest& sendRest, const SendTrailers& sendTrailers) {
  const bool empty = !withBody || (!message.isChunked() && message.body().empty());
  sendHeaders(empty);
  if (empty) return;
  if (!message.isChunked()) return sendRest(message.body());
  for (const auto& chunk : message.chunks) sendBody(chunk, false);
  if (message.trailers.empty()) {
    sendBody(std::string(), true);
  } else {
    sendTrailers(message.trailers);
  }
}

void sendResponse(host::HttpStream& stream, const host::Message& response, bool toHead) {
  sendPieces(
      response, !toHead && mayHaveBody(response),
      [&](bool end) { stream.responseHeaders(responseHeaders(response), end); },
      [&](const std::string& chunk, bool end) { stream.responseBody(chunk, end); },
      [&](const std::string& body) { stream.responseBodyThenEnd(body); },
      [&](const host::Headers& trailers) { stream.responseTrailers(trailers); });
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

std::optional<host::Message> refusalOf(const host::Message& request) {
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

void sendRequest(host::HttpStream& stream, const host::Message& request) {
  sendPieces(
      request, true, [&](bool end) { stream.requestHeaders(requestHeaders(request), end); },
      [&](const std::string& chunk, bool end) { stream.requestBody(chunk, end); },
      [&](const std::string& body) { stream.requestBodyThenEnd(body); },
      [&](const host::Headers& trailers) { stream.requestTrailers(trailers); });
}

void sendReply(host::HttpStream& stream, const host::CalloutReply& reply, bool toHead) {
  using Kind = host::CalloutReply::Kind;
  switch (reply.kind) {
    case Kind::Never:
      break;
    case Kind::ConnectionFailure:
    case Kind::ConnectionTermination:
      stream.upstreamReset();
      break;
    case Kind::Reset:
      if (toHead || !mayHaveBody(reply.response)) {  // There is no body to break off.
        stream.responseHeaders(brokenOffHeaders(reply.response), true);
        break;
      }
      stream.responseHeaders(brokenOffHeaders(reply.response), false);
      for (const auto& chunk : reply.response.chunks) stream.responseBody(chunk, false);
      stream.upstreamReset();
      break;
    case Kind::Response:
      sendResponse(stream, reply.response, toHead);
      break;
  }
}

}  // namespace sluice::scenario
