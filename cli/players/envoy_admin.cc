#include "players/envoy_admin.h"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "players/http_wire.h"
#include "players/player.h"

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::use_awaitable;

EnvoyAdmin::EnvoyAdmin(asio::io_context& io, std::uint16_t port) : stream_(io), port_(port) {}

asio::awaitable<EnvoyAdmin::Answer> EnvoyAdmin::get(std::string target) {
  try {
    co_return co_await exchange(std::move(target));
  } catch (const boost::system::system_error&) {
    stream_.close();  // A broken connection would never become writable: the next request takes a new one.
    buffer_.clear();
    throw;
  }
}

asio::awaitable<EnvoyAdmin::Answer> EnvoyAdmin::exchange(std::string target) {
  if (!stream_.socket().is_open()) {
    const asio::ip::tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port_);
    stream_.expires_after(kSafetyTimeout);
    co_await stream_.async_connect(endpoint, use_awaitable);
  }
  const Message request{{{":method", "GET"}, {":path", std::move(target)}, {":authority", "admin"}}, {}, false, {}};
  const Pace noPace = [](std::size_t) -> asio::awaitable<void> { co_return; };
  co_await writeRequest(stream_, request, noPace);
  const Message response = co_await readResponse(stream_, buffer_, false);
  Answer answer;
  answer.status = std::stoi(response.headers.front().second);
  answer.body = response.body();
  co_return answer;
}

asio::awaitable<bool> EnvoyAdmin::ready() {
  const Answer answer = co_await get("/ready");
  co_return answer.status == 200;
}

asio::awaitable<std::uint16_t> EnvoyAdmin::listenerPort(std::string name) {
  const Answer answer = co_await get("/listeners?format=json");
  const auto listeners = nlohmann::json::parse(answer.body, nullptr, false);
  if (listeners.is_object() && listeners.contains("listener_statuses")) {
    for (const auto& listener : listeners["listener_statuses"]) {
      if (listener.value("name", "") != name) continue;
      const nlohmann::json::json_pointer port("/local_address/socket_address/port_value");
      if (listener.contains(port)) co_return listener[port].get<std::uint16_t>();
    }
  }
  throw PlayerError("Envoy names no port for its listener '" + name + "': " + answer.body);
}

asio::awaitable<std::map<std::string, std::uint64_t>> EnvoyAdmin::stats(std::string pattern) {
  const Answer answer = co_await get("/stats?filter=" + pattern);
  std::map<std::string, std::uint64_t> result;
  std::istringstream lines(answer.body);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos)
      result[line.substr(0, colon)] = std::strtoull(line.c_str() + colon + 2, nullptr, 10);
  }
  co_return result;
}

}  // namespace sluice::scenario
