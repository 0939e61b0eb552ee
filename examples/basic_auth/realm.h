// A part of the site, and its users.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basic_auth/password_hash.h"
#include "common/json.h"

/// The host of an authority in lower case, without the port and without a final dot. Returns nothing if the spelling
/// does not follow RFC 3986 (3.2), because the upstream could take it for another host: a user's name (`user@host`),
/// two hosts, empty labels, percent signs, a port that is not a number.
std::optional<std::string> hostOf(std::string_view authority);

/// Whether a path is normalized as in RFC 3986 (6.2.2). The upstream might treat another spelling as the same path,
/// although it does not begin with the path of the realm. The query does not matter.
bool isNormalPath(std::string_view path);

/// One realm of the configuration.
class Realm {
 public:
  /// Reads an object such as {"realm": …, "hosts": […], "path": …, "users": {…}}. On a mistake logs it and returns
  /// false.
  bool parse(json::Value value);

  /// Whether a request for this host (a result of hostOf()) and this path belongs to this realm.
  bool contains(std::string_view host, std::string_view path) const;

  bool isPublic() const { return isPublic_; }
  bool hasPath() const { return path_.size() > 1; }
  bool hasHosts() const { return !hosts_.empty(); }
  /// The value of www-authenticate.
  const std::string& challenge() const { return challenge_; }

  /// Whether there is a user with this name and password. An unknown user takes as long as a wrong password.
  bool admits(std::string_view name, std::string_view password);

 private:
  struct User {
    std::string name;
    PasswordHash password;
  };

  bool parseName(json::Value value);
  bool parseHosts(json::Value value);
  bool parsePath(json::Value value);
  bool parseUsers(json::Value value);
  bool addUser(json::Value value);

  std::vector<std::string> hosts_;  // empty: all hosts; a name that begins with a dot: all hosts in this domain
  std::string path_ = "/";
  bool isPublic_ = false;
  std::string challenge_;
  std::vector<User> users_;
  PasswordHash nobody_;  // checked in place of an unknown user's hash
};
