#include "wire/message_check.h"

#include <algorithm>

#include "abi/number.h"
#include "sluice/host/text.h"

namespace sluice::host {
namespace {

// A field name is a token; a pseudo-header begins with a colon. Envoy also takes an empty name.
bool isNameValid(std::string_view name) {
  if (name.starts_with(':')) name.remove_prefix(1);
  return name.empty() || isToken(name);
}

// Envoy's response flags.
constexpr uint64_t kNoRouteFound = 0x100;
constexpr uint64_t kDownstreamProtocolError = 0x40000;

Refusal noRoute(std::string problem) { return {404, "route_not_found", "", std::move(problem), kNoRouteFound}; }

// What Envoy says of a request or a response whose headers it cannot send.
std::string details(std::string_view message, std::string body) {
  std::replace(body.begin(), body.end(), ' ', '_');
  return "filter_removed_required_" + std::string(message) + "_headers{" + body + "}";
}

Refusal badRequest(const std::string& body, std::string problem) {
  return {503, details("request", body), body, std::move(problem), kDownstreamProtocolError};
}

std::string missing(const std::string& name) { return "missing required header: " + name; }

std::string isMissing(const std::string& name) { return "the " + name + " is missing"; }

// `name` as Envoy quotes it.
std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) {
    constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
    if (const size_t at = kShort.find(c); at != std::string_view::npos) {
      text += {'\\', "\"\\bfnrt"[at]};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr char kDigits[] = "0123456789abcdef";
      text += std::string("\\u00") + kDigits[c >> 4] + kDigits[c & 15];
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

bool isToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool isFieldValue(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7f) || c == '\t';
  });
}

std::optional<Refusal> refuseRequest(const HeaderMap& headers, bool needsForwardedProto) {
  const auto path = headers.get(":path");
  if (!path) return noRoute("the :path is missing, so the proxy finds no route");
  if (!path->starts_with('/')) {
    return noRoute("the :path " + quote(*path) + " does not begin with a slash, so the proxy finds no route");
  }
  if (needsForwardedProto && headers.get("x-forwarded-proto").value_or("").empty()) {
    return noRoute("x-forwarded-proto is missing, so the proxy finds no route");
  }
  const auto method = headers.get(":method");
  const char* required = !method                                             ? ":method"
                         : *method == "CONNECT" && !headers.get(":protocol") ? ":protocol"
                                                                             : nullptr;
  if (required != nullptr) return badRequest(missing(required), isMissing(required));
  for (const auto& [name, value] : headers.entries()) {
    if (!isNameValid(name)) {
      return badRequest("invalid header name: " + escaped(name), "a header's name is not a token: " + quote(name));
    }
    if (!isFieldValue(value)) {
      return badRequest("invalid header value for: " + name, "the value of " + name + " has a control character");
    }
  }
  return std::nullopt;
}

std::optional<uint64_t> statusNumber(const HeaderMap& headers) {
  std::string_view text = headers.get(":status").value_or("");
  const auto isBlank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  return wholeNumber<uint64_t>(text);
}

std::optional<Refusal> refuseResponse(const HeaderMap& headers) {
  if (statusNumber(headers)) return std::nullopt;
  const std::string body = missing(":status");
  return Refusal{502, details("response", body), body, isMissing(":status"), 0};
}

bool isBodiless(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "DELETE" || method == "TRACE" || method == "CONNECT";
}

bool mayHaveBody(std::string_view method, const Message& response) {
  const int status = response.status();
  return method != "HEAD" && status != 204 && status != 304;
}

}  // namespace sluice::host
