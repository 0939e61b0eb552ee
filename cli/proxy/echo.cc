#include "proxy/echo.h"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <nlohmann/json.hpp>

#include "players/loopback.h"

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using nlohmann::ordered_json;

ordered_json fieldsOf(const host::Headers& headers) {
  ordered_json fields = ordered_json::object();
  for (const auto& [name, value] : headers) {
    if (name.starts_with(':')) continue;
    auto& field = fields[name];
    if (field.is_null()) {
      field = value;
    } else if (field.is_array()) {
      field.push_back(value);
    } else {
      field = ordered_json::array({field, value});
    }
  }
  return fields;
}

std::string asJson(const host::Message& request) {
  ordered_json json = {{"method", request.header(":method")},
                       {"path", request.header(":path")},
                       {"authority", request.header(":authority")},
                       {"headers", fieldsOf(request.headers)},
                       {"body", request.body()}};
  if (!request.trailers.empty()) json["trailers"] = fieldsOf(request.trailers);
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string asText(const host::Message& request) {
  std::string text = request.header(":method") + " " + request.header(":path") + "\n";
  for (const auto& [name, value] : request.headers) {
    if (name == ":authority") text += "host: " + value + "\n";
    if (!name.starts_with(':')) text += name + ": " + value + "\n";
  }
  text += "\n" + request.body();
  return text;
}

asio::awaitable<void> echo(tcp::socket socket) {
  std::array<char, 16384> buffer;
  try {
    while (true) {
      const size_t size = co_await socket.async_read_some(asio::buffer(buffer), asio::use_awaitable);
      co_await asio::async_write(socket, asio::buffer(buffer, size), asio::use_awaitable);
    }
  } catch (const boost::system::system_error&) {
    // The client has ended the connection: the socket closes.
  }
}

}  // namespace

host::CalloutReply Echo::complete(size_t /*number*/, host::Received request) {
  if (hidesSecrets_) {
    for (auto& [name, value] : request.headers) {
      if (kSecretHeaders.contains(name)) value = kReplacement;
    }
  }
  const std::string accepted = request.header("accept");
  const bool wantsText = accepted.starts_with("text/plain");
  host::CalloutReply reply;
  reply.response = host::ok(wantsText ? asText(request) : asJson(request),
                            {{"content-type", wantsText ? "text/plain" : "application/json"}});
  return reply;
}

uint16_t startTcpEcho(asio::io_context& io) {
  tcp::acceptor acceptor = scenario::listenOnLoopback(io);
  const uint16_t port = acceptor.local_endpoint().port();
  const auto serve = [&io](tcp::socket socket) { asio::co_spawn(io, echo(std::move(socket)), asio::detached); };
  asio::co_spawn(io, scenario::acceptAll(std::move(acceptor), serve), asio::detached);
  return port;
}

}  // namespace sluice::proxy
