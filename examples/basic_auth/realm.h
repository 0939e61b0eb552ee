// A part of the site, and who may enter it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basic_auth/password_hash.h"
#include "common/json.h"

/// The host of an authority, in lower case, without port and without the dot of a full name. Nothing for one that is
/// not spelt as RFC 3986 (3.2) has hosts and ports, with which an upstream could mean another host than a realm's: with
/// a user's name (`user@host`), two hosts, empty labels, percent signs, a port that is no number.
std::optional<std::string> hostOf(std::string_view authority);

/// Whether a path is spelt as RFC 3986 (6.2.2) normalizes it: another spelling could mean the same to the upstream, and
/// not be what a realm's path begins with. What comes after a question mark does not matter.
bool isNormalPath(std::string_view path);

/// One realm of the configuration.
class Realm {
 public:
  /// Reads an object such as {"realm": …, "hosts": […], "path": …, "users": {…}}. On a mistake logs it, and gives
  /// false.
  bool parse(json::Value value);

  /// Whether a request for this host, as hostOf() has it, and path belongs here.
  bool contains(std::string_view host, std::string_view path) const;

  bool isPublic() const { return isPublic_; }
  bool hasPath() const { return path_.size() > 1; }
  bool hasHosts() const { return !hosts_.empty(); }
  /// What www-authenticate says.
  const std::string& challenge() const { return challenge_; }

  /// Whether there is a user with this name and password. Takes as long for a user that does not exist as for a wrong
  /// password.
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

  std::vector<std::string> hosts_;  // empty: all; one that begins with a dot stands for all below it
  std::string path_ = "/";
  bool isPublic_ = false;
  std::string challenge_;
  std::vector<User> users_;
  PasswordHash nobody_;  // takes the place of a user that does not exist
};
