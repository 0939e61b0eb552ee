#include "players/tls_tunnel.h"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "players/loopback.h"
#include "players/player.h"

namespace sluice::scenario {
namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr size_t kBufferSize = 16384;

std::shared_ptr<ssl::context> makeContext(const TlsTunnel::Options& options) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  context->set_verify_mode(ssl::verify_none);  // What matters is how the proxy sees the client.
  if (options.tls.certificate) {
    context->use_certificate_chain(asio::buffer(options.certificate.chain));
    context->use_private_key(asio::buffer(options.certificate.key), ssl::context::pem);
  }
  if (!options.alpn.empty()) {
    const std::string protocols = static_cast<char>(options.alpn.size()) + options.alpn;
    SSL_CTX_set_alpn_protos(context->native_handle(), reinterpret_cast<const unsigned char*>(protocols.data()),
                            static_cast<unsigned>(protocols.size()));
  }
  return context;
}

void reset(tcp::socket& socket) {
  error_code gone;
  socket.set_option(asio::socket_base::linger(true, 0), gone);
  socket.close(gone);
}

// One connection in both directions.
class Link : public std::enable_shared_from_this<Link> {
 public:
  Link(tcp::socket plain, std::shared_ptr<ssl::context> context)
      : context_(std::move(context)), plain_(std::move(plain)), secure_(plain_.get_executor(), *context_) {}

  tcp::socket& plain() { return plain_; }
  tcp::socket& onward() { return secure_.next_layer(); }

  asio::awaitable<void> open(uint16_t target, const std::string& serverName) {
    co_await onward().async_connect(loopback(target), use_awaitable);
    onward().set_option(tcp::no_delay(true));
    plain_.set_option(tcp::no_delay(true));
    if (!serverName.empty()) SSL_set_tlsext_host_name(secure_.native_handle(), serverName.c_str());
  }

  asio::awaitable<void> run() {
    const auto self = shared_from_this();
    error_code error;
    co_await secure_.async_handshake(ssl::stream_base::client, asio::redirect_error(use_awaitable, error));
    if (error) {
      reset(plain_);
      co_return;
    }
    asio::co_spawn(plain_.get_executor(), [self] { return self->forward(); }, asio::detached);
    co_await back();
  }

 private:
  // From the client to the proxy.
  asio::awaitable<void> forward() {
    std::array<char, kBufferSize> buffer;
    error_code error;
    while (!error) {
      const size_t size =
          co_await plain_.async_read_some(asio::buffer(buffer), asio::redirect_error(use_awaitable, error));
      if (size == 0) continue;
      error_code gone;
      co_await asio::async_write(secure_, asio::buffer(buffer, size), asio::redirect_error(use_awaitable, gone));
      if (gone) co_return;
    }
    if (error == asio::error::eof) {
      co_await secure_.async_shutdown(asio::redirect_error(use_awaitable, error));
    } else {
      reset(onward());
    }
  }

  // From the proxy to the client.
  asio::awaitable<void> back() {
    std::array<char, kBufferSize> buffer;
    error_code error;
    while (!error) {
      const size_t size =
          co_await secure_.async_read_some(asio::buffer(buffer), asio::redirect_error(use_awaitable, error));
      if (size == 0) continue;
      error_code gone;
      co_await asio::async_write(plain_, asio::buffer(buffer, size), asio::redirect_error(use_awaitable, gone));
    }
    error_code gone;
    if (error == asio::error::eof || error == ssl::error::stream_truncated) {
      plain_.shutdown(tcp::socket::shutdown_send, gone);
    } else {
      reset(plain_);
    }
  }

  std::shared_ptr<ssl::context> context_;
  tcp::socket plain_;
  ssl::stream<tcp::socket> secure_;
};

}  // namespace

TlsTunnel::TlsTunnel(asio::io_context& io, uint16_t target, const Options& options) {
  tcp::acceptor acceptor = listenOnLoopback(io);
  port_ = acceptor.local_endpoint().port();
  const auto serve = [&io, target, context = makeContext(options), name = options.tls.serverName,
                      onward = onward_](tcp::socket socket) {
    const auto link = std::make_shared<Link>(std::move(socket), context);
    asio::co_spawn(
        io,
        [link, target, name, onward]() -> asio::awaitable<void> {
          const uint16_t client = link->plain().remote_endpoint().port();
          co_await link->open(target, name);
          (*onward)[client] = link->onward().local_endpoint().port();
          co_await link->run();
        },
        asio::detached);
  };
  asio::co_spawn(io, acceptAll(std::move(acceptor), serve), asio::detached);
}

uint16_t TlsTunnel::onwardPort(uint16_t client) const {
  const auto found = onward_->find(client);
  return found == onward_->end() ? uint16_t{0} : found->second;
}

}  // namespace sluice::scenario
