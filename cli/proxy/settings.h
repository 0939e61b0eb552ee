// What `sluice run` is asked to do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "envoy/parts.h"
#include "scenario/filter.h"
#include "sluice/abi.h"

namespace sluice::proxy {

/// A server that the proxy connects to.
struct Server {
  enum class Protocol { Http1, Http2, Tcp };

  std::string host;  ///< A name or an IP address.
  uint16_t port = 0;
  Protocol protocol = Protocol::Http1;
  bool tls = false;
};

/// The server that a URL names: http://, https://, h2c:// (HTTP/2 without TLS), tcp:// or tls://, a host, and a port
/// unless the scheme has one. Without a scheme it is HOST:PORT and `chain` says which protocol. Throws
/// std::runtime_error.
Server readServer(const std::string& url, envoy::Chain chain);

/// Where the filter comes from, for a start and after each change.
struct Source {
  /// Makes the module (builds the project, where there is one) and returns the filter with it. Throws
  /// std::runtime_error with what to tell the user.
  std::function<scenario::Filter()> make;
  /// The files, and folders of files, whose change is a reason to make the filter again.
  std::vector<std::filesystem::path> paths;
  /// Whether make() runs a compiler, and so takes its time.
  bool builds = false;
};

struct Settings {
  std::filesystem::path envoy;
  envoy::Chain chain = envoy::Chain::Http;
  uint16_t port = 0;                       ///< On 127.0.0.1; 0 for any that is free.
  std::optional<Server> upstream;          ///< Nothing for the echo.
  std::map<std::string, Server> clusters;  ///< Further servers, for the filter's callouts.
  bool verifyTls = true;
  LogLevel logLevel = LogLevel::Info;
  bool watch = false;
  std::filesystem::path record;  ///< Where to write the traffic as a scenario; empty for nowhere.
  bool recordSecrets = false;
};

}  // namespace sluice::proxy
