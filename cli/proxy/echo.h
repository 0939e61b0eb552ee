// The upstream of `sluice run` where the user names none: it answers with what it has received.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <set>
#include <string>

#include "players/http_server.h"

namespace sluice::proxy {

/// The headers whose values are secrets.
inline const std::set<std::string> kSecretHeaders = {"authorization", "proxy-authorization", "cookie", "set-cookie"};

/// What a recording has instead of a secret.
inline constexpr const char* kReplacement = "SECRET";

/// Answers a request with 200 and its method, path, headers and body: as JSON, or as text if it accepts only that.
class Echo : public scenario::RequestHandler {
 public:
  /// `hidesSecrets`: the answer has no values of secret headers.
  explicit Echo(bool hidesSecrets) : hidesSecrets_(hidesSecrets) {}

  size_t arrive(host::Received /*request*/) override { return 0; }
  host::CalloutReply complete(size_t number, host::Received request) override;

 private:
  bool hidesSecrets_;
};

/// Starts a TCP server on an ephemeral port of 127.0.0.1 that sends all bytes back. Returns its port.
uint16_t startTcpEcho(boost::asio::io_context& io);

}  // namespace sluice::proxy
