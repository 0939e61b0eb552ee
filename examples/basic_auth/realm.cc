#include "basic_auth/realm.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "common/header_text.h"
#include "common/path.h"
#include "sluice/crypto.h"
#include "sluice/encoding.h"

namespace {

// RFC 7617: a user's name has no colons and no control characters. It also has no space at its ends, because a header
// would lose it.
bool isUserName(std::string_view text) {
  return !text.empty() && isValueText(text) && text.find_first_of(":\t") == std::string_view::npos &&
         text.front() != ' ' && text.back() != ' ';
}

// Characters of a host in lower case.
bool isNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}
bool isAddressCharacter(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.'; }

bool isPort(std::string_view text) {
  return text.empty() || (text.front() == ':' &&
                          std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

// RFC 3986, section 2.3: characters that need no percent-encoding, and others that nobody should hide with it.
bool isPlainOrSeparator(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~/\\%").find(static_cast<char>(c)) != std::string_view::npos || c < ' ' || c == 0x7f;
}

}  // namespace

std::optional<std::string> hostOf(std::string_view authority) {
  const bool isAddress = authority.starts_with('[');
  const auto end = isAddress ? authority.find(']') + 1 : std::min(authority.find(':'), authority.size());
  if (!isPort(authority.substr(end))) return std::nullopt;
  auto host = toLowerCase(authority.substr(0, end));
  if (isAddress) {
    const bool isText = host.size() > 2 && std::all_of(host.begin() + 1, host.end() - 1, isAddressCharacter);
    return isText ? std::optional(std::move(host)) : std::nullopt;
  }
  if (host.ends_with('.')) host.pop_back();
  // A label is never empty.
  char before = '.';
  for (const char c : host) {
    if (!isNameCharacter(c) || (c == '.' && before == '.')) return std::nullopt;
    before = c;
  }
  return before == '.' ? std::nullopt : std::optional(std::move(host));
}

bool isNormalPath(std::string_view path) {
  path = path.substr(0, path.find('?'));
  if (!path.starts_with('/')) return false;
  for (size_t at = 0; at < path.size(); ++at) {
    const char c = path[at];
    if (c == '\\' || c == '#') return false;
    if (c == '/') {
      const auto segment = path.substr(at + 1, path.find('/', at + 1) - at - 1);
      // Servers that support parameters of segments (RFC 3986, section 3.3) treat `..;a` as `..`.
      const auto name = segment.substr(0, segment.find(';'));
      if (name == "." || name == ".." || (name.empty() && at + 1 < path.size())) return false;
    }
    unsigned char byte[1];
    if (c == '%' && (!sluice::decodeHex(path.substr(at + 1, 2), byte) || isPlainOrSeparator(byte[0]))) return false;
  }
  return true;
}

bool Realm::parse(json::Value value) {
  if (!value.isObjectOf({"realm", "hosts", "path", "users", "public"})) return false;
  if (!value.read("public", isPublic_) || !parseHosts(value) || !parsePath(value)) return false;
  if (!isPublic_) return parseName(value) && parseUsers(value);
  for (const auto* key : {"realm", "users"}) {
    if (const auto member = value.find(key)) return member->fail("has no meaning where everybody may enter");
  }
  return true;
}

bool Realm::parseName(json::Value value) {
  std::string_view name;
  if (!value.require("realm", name)) return false;
  if (!isValueText(name) || name.find_first_of("\"\\") != std::string_view::npos)
    return value.find("realm")->fail("holds a quotation mark, a backslash or a control character");
  challenge_ = "Basic realm=\"" + std::string(name) + "\", charset=\"UTF-8\"";
  return true;
}

bool Realm::parseHosts(json::Value value) {
  const auto hosts = value.find("hosts");
  if (!hosts) return true;
  if (!hosts->isArray()) return false;
  for (const auto host : *hosts) {
    if (!host.isString()) return false;
    const auto name = toLowerCase(host.text());
    const bool isWildcard = name.starts_with("*.");
    const auto rest = std::string_view(name).substr(isWildcard ? 1 : 0);
    // For `*.example.com`, keep the dot in front of the domain.
    const auto domain = rest.substr(isWildcard ? 1 : 0);
    if (hostOf(domain) != domain) return host.fail("must be a host without port, or *. and a domain");
    hosts_.emplace_back(rest);
  }
  return hosts_.empty() ? hosts->fail("is empty") : true;
}

bool Realm::parsePath(json::Value value) {
  std::string_view path = path_;
  if (!value.read("path", path)) return false;
  if (!isNormalPath(path) || path.find_first_of("?;") != std::string_view::npos)
    return value.find("path")->fail("must begin with a slash, and be spelt as RFC 3986 normalizes it");
  path_ = path;
  return true;
}

bool Realm::parseUsers(json::Value value) {
  const auto users = value.find("users");
  if (!users) return value.fail("missing ", "users");
  if (!users->isObject()) return false;
  for (const auto user : *users) {
    if (!addUser(user)) return false;
  }
  if (users_.empty()) return users->fail("must have at least one user");
  nobody_ = PasswordHash(users_.front().password.iterations());
  return true;
}

bool Realm::addUser(json::Value value) {
  const auto isThis = [&](const User& user) { return user.name == value.key(); };
  if (!isUserName(value.key()))
    return value.fail("a user's name has no colon, and no space or control character there");
  if (std::any_of(users_.begin(), users_.end(), isThis)) return value.fail("given twice");
  if (!value.isString()) return false;
  User user{std::string(value.key()), PasswordHash()};
  if (!user.password.parse(value.text()))
    return value.fail(
        "must be pbkdf2-sha256$ITERATIONS$SALT$HASH, with 1 to 50000 iterations, 32 and 64 hexadecimal digits");
  if (!users_.empty() && user.password.iterations() != users_.front().password.iterations())
    return value.fail("must have as many iterations as the first user: they would tell which users there are");
  users_.push_back(std::move(user));
  return true;
}

bool Realm::contains(std::string_view host, std::string_view path) const {
  const auto fits = [&](std::string_view known) {
    return known.starts_with('.') ? host.size() > known.size() && host.ends_with(known) : host == known;
  };
  if (!hosts_.empty() && !std::any_of(hosts_.begin(), hosts_.end(), fits)) return false;
  return !hasPath() || isAtOrBelow(path, path_);
}

bool Realm::admits(std::string_view name, std::string_view password) {
  auto* hash = &nobody_;
  for (auto& user : users_) {
    if (sluice::constantTimeEqual(user.name, name)) hash = &user.password;
  }
  return hash->matches(password) && hash != &nobody_;
}
