#include "players/envoy_admin.h"

#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/system/system_error.hpp>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "players/http_wire.h"
#include "players/loopback.h"
#include "players/player.h"
#include "sluice/host/text.h"

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::use_awaitable;

namespace {

// The name under which a filter defined a metric of Envoy's statistics.
std::string definedName(const nlohmann::json& stat) {
  constexpr std::string_view kPrefix = "wasmcustom.";
  const std::string name = stat.value("name", "");
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

// The samples of a histogram in Envoy's answer to `histogram_buckets=detailed`.
std::vector<uint64_t> samplesOf(const nlohmann::json& histogram) {
  std::vector<uint64_t> samples;
  for (const auto& bucket : histogram.value("totals", nlohmann::json::array())) {
    samples.insert(samples.end(), bucket.value("count", size_t{0}),
                   static_cast<uint64_t>(bucket.value("lower_bound", 0.0)));
  }
  return samples;
}

}  // namespace

asio::awaitable<host::Message> EnvoyAdmin::get(std::string target) {
  boost::beast::tcp_stream stream(*io_);
  try {
    stream.expires_after(kSafetyTimeout);
    co_await stream.async_connect(loopback(port_), use_awaitable);
    const host::Message request{
        .headers = {{":method", "GET"}, {":path", target}, {":authority", "admin"}, {"connection", "close"}}};
    co_await writeRequest(stream, request, unpaced);
    boost::beast::flat_buffer buffer;
    co_return co_await readResponse(stream, buffer, false);
  } catch (const boost::system::system_error& error) {
    throw PlayerError("Envoy's administration interface does not answer " + target + ": " + error.code().message());
  }
}

asio::awaitable<bool> EnvoyAdmin::ready() {
  const host::Message answer = co_await get("/ready");
  co_return answer.status() == 200;
}

asio::awaitable<uint16_t> EnvoyAdmin::listenerPort(std::string name) {
  const host::Message answer = co_await get("/listeners?format=json");
  const auto listeners = nlohmann::json::parse(answer.body(), nullptr, false);
  if (listeners.is_object() && listeners.contains("listener_statuses")) {
    for (const auto& listener : listeners["listener_statuses"]) {
      if (listener.value("name", "") != name) continue;
      const nlohmann::json::json_pointer port("/local_address/socket_address/port_value");
      if (listener.contains(port)) co_return listener[port].get<uint16_t>();
    }
  }
  throw PlayerError("Envoy names no port for its listener '" + name + "': " + answer.body());
}

asio::awaitable<std::map<std::string, uint64_t>> EnvoyAdmin::stats(std::string pattern) {
  const host::Message answer = co_await get("/stats?filter=" + pattern);
  std::map<std::string, uint64_t> result;
  std::istringstream lines(answer.body());
  for (std::string line; std::getline(lines, line);) {
    const size_t colon = line.find(": ");
    if (colon != std::string::npos)
      result[line.substr(0, colon)] = std::strtoull(line.c_str() + colon + 2, nullptr, 10);
  }
  co_return result;
}

asio::awaitable<nlohmann::json> EnvoyAdmin::statistics(std::string query) {
  const host::Message answer = co_await get("/stats?format=json&" + query);
  auto stats = nlohmann::json::parse(answer.body(), nullptr, false);
  if (!stats.is_object() || !stats.contains("stats")) {
    throw PlayerError("Envoy's administration interface says no statistics: " + answer.body());
  }
  co_return std::move(stats["stats"]);
}

asio::awaitable<host::MetricMap> EnvoyAdmin::metrics() {
  const std::string filter = "&filter=" + host::urlEncoded("^wasmcustom\\.");
  host::MetricMap metrics;
  for (const auto& [type, word] : {std::pair(MetricType::Counter, "Counters"), {MetricType::Gauge, "Gauges"}}) {
    for (const auto& stat : co_await statistics("type=" + std::string(word) + filter)) {
      if (!stat.contains("value")) continue;
      metrics.emplace(definedName(stat), host::Metric{.type = type, .value = stat["value"].get<uint64_t>()});
    }
  }
  for (const auto& stat : co_await statistics("type=Histograms&histogram_buckets=detailed" + filter)) {
    if (!stat.contains("histograms")) continue;
    for (const auto& histogram : stat["histograms"].value("details", nlohmann::json::array())) {
      metrics.emplace(definedName(histogram),
                      host::Metric{.type = MetricType::Histogram, .samples = samplesOf(histogram)});
    }
  }
  co_return metrics;
}

}  // namespace sluice::scenario
