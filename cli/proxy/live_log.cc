#include "proxy/live_log.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>

#include "players/player.h"

namespace sluice::proxy {
namespace asio = boost::asio;

namespace {

int openPipe(const std::filesystem::path& path) {
  const int descriptor =
      ::mkfifo(path.c_str(), 0600) == 0 ? ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
  if (descriptor < 0) {
    throw scenario::PlayerError("no pipe can be made as " + path.string() + ": " + std::strerror(errno));
  }
  return descriptor;
}

}  // namespace

LiveLog::LiveLog(asio::io_context& io, std::filesystem::path path, std::string mark)
    : pipe_(io, openPipe(path)), mark_(std::move(mark)) {}

asio::awaitable<void> LiveLog::read(std::function<void(const scenario::EnvoyLogEntry&)> onEntry) {
  std::array<char, 65536> bytes;
  std::string text;
  boost::system::error_code error;
  while (!error) {
    const size_t size =
        co_await pipe_.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
    text.append(bytes.data(), size);
    // An entry is complete when the next begins, or a line ends and nothing follows.
    size_t complete = text.size();
    if (!error && !text.ends_with('\n')) {
      const size_t last = text.rfind(mark_);
      complete = last == std::string::npos ? 0 : last;
    }
    for (const auto& entry : scenario::parseEnvoyLog(std::string_view(text).substr(0, complete), mark_)) onEntry(entry);
    text.erase(0, complete);
  }
}

}  // namespace sluice::proxy
