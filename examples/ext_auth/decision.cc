#include "ext_auth/decision.h"

#include <algorithm>
#include <cstring>

#include "common/header_text.h"
#include "sluice/log.h"

namespace {

// When the service refuses a request, the client gets these headers of its reply, and up to this much of its body.
constexpr std::string_view kClientHeaders[] = {"content-type", "location", "set-cookie", "www-authenticate"};
constexpr size_t kMaxBody = 8192;

bool isClientHeader(std::string_view name) {
  return std::find(std::begin(kClientHeaders), std::end(kClientHeaders), name) != std::end(kClientHeaders);
}

// Whether a header of the service's reply shows that the reply is for a single client: a session, a redirect with a way
// back, a challenge that may contain a nonce, or a reply that HTTP caches must not keep (RFC 9111, section 5.2.2).
bool isMeantForOne(sluice::Header header) {
  if (header.name == "set-cookie" || header.name == "location" || header.name == "www-authenticate") return true;
  if (header.name != "cache-control") return false;
  const auto value = toLowerCase(header.value);
  return value.find("no-store") != value.npos || value.find("no-cache") != value.npos ||
         value.find("private") != value.npos;
}

void appendText(std::string& bytes, std::string_view text) {
  const auto size = static_cast<uint32_t>(text.size());
  bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
  bytes.append(text);
}

// Removes a text that appendText() has written from the front of `bytes`.
bool takeText(std::string_view& bytes, std::string& text) {
  uint32_t size = 0;
  if (bytes.size() < sizeof size) return false;
  std::memcpy(&size, bytes.data(), sizeof size);
  bytes.remove_prefix(sizeof size);
  if (bytes.size() < size) return false;
  text = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return true;
}

}  // namespace

std::optional<Decision> Decision::of(const sluice::HttpReply& reply, const Settings& settings) {
  Decision decision;
  decision.status = reply.statusCode();
  if (!reply.ok() || decision.status < 200 || decision.status >= 500) {
    if (reply.ok()) {
      sluice::logWarn("the authorization service failed: it answered ", decision.status);
    } else {
      sluice::logWarn("the authorization service failed: ", reply.error(), ' ', reply.errorMessage().valueOr(""));
    }
    return std::nullopt;
  }
  const auto headers = reply.headers();
  const auto body = decision.passes() ? sluice::Result<std::string_view>("") : reply.body();
  if (!headers || !body) {
    sluice::logWarn("the authorization service's reply cannot be read: ", headers ? body.status() : headers.status());
    return std::nullopt;
  }
  const auto& names = settings.responseHeaders;
  for (const auto header : *headers) {
    const bool wanted = decision.passes() ? std::find(names.begin(), names.end(), header.name) != names.end()
                                          : isClientHeader(header.name);
    decision.isForOne = decision.isForOne || isMeantForOne(header);
    if (wanted) decision.headers.emplace_back(header.name, header.value);
  }
  decision.body = body->substr(0, kMaxBody);
  return decision;
}

std::string Decision::encode() const {
  std::string bytes;
  bytes.append(reinterpret_cast<const char*>(&status), sizeof status);
  appendText(bytes, body);
  for (const auto& [name, value] : headers) {
    appendText(bytes, name);
    appendText(bytes, value);
  }
  return bytes;
}

std::optional<Decision> Decision::decode(std::string_view bytes) {
  Decision decision;
  if (bytes.size() < sizeof decision.status) return std::nullopt;
  std::memcpy(&decision.status, bytes.data(), sizeof decision.status);
  bytes.remove_prefix(sizeof decision.status);
  if (decision.status < 200 || decision.status >= 500 || !takeText(bytes, decision.body)) return std::nullopt;
  while (!bytes.empty()) {
    auto& [name, value] = decision.headers.emplace_back();
    if (!takeText(bytes, name) || !takeText(bytes, value)) return std::nullopt;
  }
  return decision;
}
