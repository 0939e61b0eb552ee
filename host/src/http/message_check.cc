#include "http/message_check.h"

#include <algorithm>

namespace sluice::host {
namespace {

// RFC 9110: a field name is a token; a pseudo-header begins with a colon.
bool isNameValid(std::string_view name) {
  if (name.starts_with(':')) name.remove_prefix(1);
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

// RFC 9110: no control characters except tab; bytes from 0x80 on are tolerated.
bool isValueValid(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7f) || c == '\t';
  });
}

}  // namespace

std::optional<Refusal> refuseRequest(const HeaderMap& headers) {
  if (!headers.get(":path")) return Refusal{404, "route_not_found", ""};
  if (!headers.get(":method")) return Refusal{503, "missing_required_header", "missing required header: :method"};
  for (const auto& [name, value] : headers.entries()) {
    if (!isNameValid(name)) return Refusal{503, "invalid_header_name", "invalid header name: " + name};
    if (!isValueValid(value)) return Refusal{503, "invalid_header_value", "invalid header value for: " + name};
  }
  return std::nullopt;
}

std::optional<Refusal> refuseResponse(const HeaderMap& headers) {
  const auto status = headers.get(":status").value_or("");
  const bool isNumber =
      !status.empty() && std::all_of(status.begin(), status.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (isNumber) return std::nullopt;
  return Refusal{502, "missing_required_header", "missing required header: :status"};
}

}  // namespace sluice::host
