#include "players/envoy_admin.h"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/regex.hpp>
#include <boost/system/system_error.hpp>
#include <cctype>
#include <nlohmann/json.hpp>
#include <sstream>

#include "players/http_wire.h"
#include "players/player.h"

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::use_awaitable;

namespace {

// A regular expression for exactly `text`, as part of a URL.
std::string exactly(std::string_view text) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  const std::string pattern =
      "^" + boost::regex_replace(std::string(text), boost::regex("[^A-Za-z0-9_]"), "\\\\$&") + "$";
  std::string encoded;
  for (const char c : pattern) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '_') {
      encoded += c;
    } else {
      encoded += {'%', kHexDigits[byte >> 4U], kHexDigits[byte & 0xfU]};
    }
  }
  return encoded;
}

// The number of samples in what Envoy says of histograms with `histogram_buckets=detailed`.
std::uint64_t countSamples(const nlohmann::json& histogram) {
  std::uint64_t count = 0;
  for (const auto& bucket : histogram.value("totals", nlohmann::json::array())) count += bucket.value("count", 0U);
  return count;
}

}  // namespace

asio::awaitable<EnvoyAdmin::Answer> EnvoyAdmin::get(std::string target) {
  boost::beast::tcp_stream stream(*io_);
  try {
    stream.expires_after(kSafetyTimeout);
    co_await stream.async_connect(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port_), use_awaitable);
    const Message request{
        {{":method", "GET"}, {":path", target}, {":authority", "admin"}, {"connection", "close"}}, {}, false, {}};
    co_await writeRequest(stream, request, unpaced);
    boost::beast::flat_buffer buffer;
    const Message response = co_await readResponse(stream, buffer, false);
    co_return Answer{std::stoi(response.headers.front().second), response.body()};
  } catch (const boost::system::system_error& error) {
    throw PlayerError("Envoy's administration interface does not answer " + target + ": " + error.code().message());
  }
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

asio::awaitable<std::optional<Metric>> EnvoyAdmin::metric(std::string name) {
  const Answer answer =
      co_await get("/stats?format=json&histogram_buckets=detailed&filter=" + exactly("wasmcustom." + name));
  const auto stats = nlohmann::json::parse(answer.body, nullptr, false);
  if (!stats.is_object() || !stats.contains("stats")) {
    throw PlayerError("Envoy's administration interface says no statistics: " + answer.body);
  }
  for (const auto& stat : stats["stats"]) {
    if (stat.contains("value")) co_return Metric{false, stat["value"].get<std::uint64_t>()};
    if (!stat.contains("histograms")) continue;
    for (const auto& histogram : stat["histograms"].value("details", nlohmann::json::array())) {
      co_return Metric{true, countSamples(histogram)};
    }
  }
  co_return std::nullopt;
}

}  // namespace sluice::scenario
