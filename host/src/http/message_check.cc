#include "http/message_check.h"

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

Refusal noRoute(std::string problem) { return {404, "route_not_found", "", std::move(problem)}; }

Refusal missingHeader(uint32_t status, const std::string& name) {
  return {status, "missing_required_header", "missing required header: " + name, "the " + name + " is missing"};
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
  if (!method) return missingHeader(503, ":method");
  if (*method == "CONNECT" && !headers.get(":protocol")) return missingHeader(503, ":protocol");
  for (const auto& [name, value] : headers.entries()) {
    if (!isNameValid(name)) {
      return Refusal{503, "invalid_header_name", "invalid header name: " + name,
                     "a header's name is not a token: " + quote(name)};
    }
    if (!isFieldValue(value)) {
      return Refusal{503, "invalid_header_value", "invalid header value for: " + name,
                     "the value of " + name + " has a control character"};
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
  return missingHeader(502, ":status");
}

}  // namespace sluice::host
