// An Envoy's log while it is written.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "players/envoy_log.h"

namespace sluice::proxy {

/// A pipe that an Envoy logs into. Nothing of the log stays on the disk.
class LiveLog {
 public:
  /// Makes the pipe as the file `path`. `mark` is that of envoyLogFormat(). Throws PlayerError.
  LiveLog(boost::asio::io_context& io, std::filesystem::path path, std::string mark);

  /// Calls `onEntry` with each entry as it comes. Returns when every process that had the pipe open has ended. Call it
  /// when one has opened it.
  boost::asio::awaitable<void> read(std::function<void(const scenario::EnvoyLogEntry&)> onEntry);

 private:
  boost::asio::posix::stream_descriptor pipe_;
  std::string mark_;
};

}  // namespace sluice::proxy
