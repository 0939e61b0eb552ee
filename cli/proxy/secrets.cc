#include "proxy/secrets.h"

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "proxy/echo.h"

namespace sluice::proxy {
namespace {

// A shorter text stands in other places by chance.
constexpr size_t kShortest = 6;

std::string inJson(const std::string& text) {
  const std::string quoted = nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

// The value of a secret header and the parts of it that are secrets by themselves: what follows an authentication
// scheme, and the values of cookies.
void collect(const std::string& value, std::set<std::string>& secrets) {
  const auto add = [&secrets](const std::string& secret) {
    if (secret.size() < kShortest) return;
    secrets.insert(secret);
    secrets.insert(inJson(secret));
  };
  add(value);
  for (const char separator : {' ', '='}) {
    for (size_t at = value.find(separator); at != std::string::npos; at = value.find(separator, at + 1)) {
      add(value.substr(at + 1, value.find(';', at) - at - 1));
    }
  }
}

void replaceIn(host::Headers& headers, const std::vector<std::string>& secrets) {
  for (auto& [name, value] : headers) {
    if (kSecretHeaders.contains(name)) value = kReplacement;
    for (const auto& secret : secrets) boost::algorithm::replace_all(value, secret, kReplacement);
  }
}

}  // namespace

void replaceSecrets(TappedExchange& exchange) {
  Tapped* const messages[] = {&exchange.clientRequest, &exchange.upstreamRequest, &exchange.upstreamResponse,
                              &exchange.clientResponse};
  std::set<std::string> found;
  for (const auto* message : messages) {
    for (const auto* headers : {&message->headers, &message->trailers}) {
      for (const auto& [name, value] : *headers) {
        if (kSecretHeaders.contains(name)) collect(value, found);
      }
    }
  }
  std::vector<std::string> secrets(found.begin(), found.end());
  // The longest first: one may be a part of another.
  std::sort(secrets.begin(), secrets.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  for (auto* message : messages) {
    replaceIn(message->headers, secrets);
    replaceIn(message->trailers, secrets);
    for (auto& chunk : message->chunks) {
      for (const auto& secret : secrets) boost::algorithm::replace_all(chunk, secret, kReplacement);
    }
  }
}

}  // namespace sluice::proxy
