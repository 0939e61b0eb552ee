#include "players/http_wire.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <string>
#include <string_view>

#include "players/http1.h"
#include "sluice/host/text.h"

namespace sluice::scenario {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::use_awaitable;
using boost::system::error_code;

constexpr uint32_t kMaxHeaderBytes = 4U << 20U;

// Parses a message exactly as it is on the wire: keeps the order and the repetition of headers, and separates trailers
// from headers and chunks from each other.
template <bool kIsRequest>
class WireParser : public http::basic_parser<kIsRequest> {
 public:
  WireParser() {
    this->body_limit(boost::none);
    this->header_limit(kMaxHeaderBytes);
    this->eager(true);
  }

  host::Received message;

 private:
  void on_request_impl(http::verb, beast::string_view method, beast::string_view target, int, error_code&) override {
    message.headers.emplace_back(":method", std::string(method));
    message.headers.emplace_back(":path", std::string(target));
  }
  void on_response_impl(int code, beast::string_view, int, error_code&) override {
    message.headers.emplace_back(":status", std::to_string(code));
  }
  void on_field_impl(http::field, beast::string_view name, beast::string_view value, error_code&) override {
    std::string lower = host::lowerCase(name);
    if (kIsRequest && lower == "host") lower = ":authority";
    (message.started ? message.trailers : message.headers).emplace_back(std::move(lower), std::string(value));
  }
  void on_header_impl(error_code&) override { message.started = true; }
  void on_body_init_impl(const boost::optional<uint64_t>&, error_code&) override {}
  size_t on_body_impl(beast::string_view body, error_code&) override {
    message.chunks.emplace_back(body);
    return body.size();
  }
  void on_chunk_header_impl(uint64_t, beast::string_view, error_code&) override {
    message.chunked = true;
    chunkBegins_ = true;
  }
  size_t on_chunk_body_impl(uint64_t, beast::string_view body, error_code&) override {
    if (chunkBegins_) message.chunks.emplace_back();
    chunkBegins_ = false;
    message.chunks.back() += body;
    return body.size();
  }
  void on_finish_impl(error_code&) override { message.complete = true; }

  bool chunkBegins_ = false;
};

// `length` is the length of the body that follows, or nothing to send no length.
void fillFields(const host::Message& message, std::optional<size_t> length, http::fields& fields) {
  for (const auto& [name, value] : message.headers) {
    if (!name.starts_with(':')) fields.insert(name, value);
  }
  if (const auto field = framing(message, length)) fields.set(field->first, field->second);
}

asio::awaitable<void> writeChunks(beast::tcp_stream& stream, const host::Message& message, const Pace& pace) {
  for (const auto& chunk : message.chunks) {
    if (chunk.empty()) continue;
    size_t bytes = 0;
    stream.expires_after(kSafetyTimeout);
    if (message.isChunked()) {
      bytes = co_await asio::async_write(stream, http::make_chunk(asio::buffer(chunk)), use_awaitable);
    } else {
      bytes = co_await asio::async_write(stream, asio::buffer(chunk), use_awaitable);
    }
    co_await pace(bytes);
  }
}

asio::awaitable<void> writeBody(beast::tcp_stream& stream, const host::Message& message, const Pace& pace) {
  co_await writeChunks(stream, message, pace);
  if (!message.isChunked()) co_return;
  http::fields trailers;
  for (const auto& [name, value] : message.trailers) trailers.insert(name, value);
  stream.expires_after(kSafetyTimeout);
  const size_t bytes = co_await asio::async_write(stream, http::make_chunk_last(trailers), use_awaitable);
  co_await pace(bytes);
}

asio::awaitable<void> writeResponseHeaders(beast::tcp_stream& stream, const host::Message& response,
                                           std::optional<size_t> length, const Pace& pace) {
  http::response<http::empty_body> header;
  header.version(11);
  header.result(static_cast<unsigned>(response.status()));
  fillFields(response, length, header);
  http::response_serializer<http::empty_body> serializer(header);
  stream.expires_after(kSafetyTimeout);
  const size_t bytes = co_await http::async_write_header(stream, serializer, use_awaitable);
  co_await pace(bytes);
}

bool isInterim(const host::Message& response) { return response.status() / 100 == 1; }

}  // namespace

asio::awaitable<void> writeRequest(beast::tcp_stream& stream, const host::Message& request, const Pace& pace) {
  http::request<http::empty_body> header;
  header.version(11);
  header.method_string(request.header(":method"));
  header.target(request.header(":path"));
  header.set(http::field::host, request.header(":authority"));
  fillFields(request, request.chunks.empty() ? std::nullopt : std::optional(request.body().size()), header);
  http::request_serializer<http::empty_body> serializer(header);
  stream.expires_after(kSafetyTimeout);
  const size_t bytes = co_await http::async_write_header(stream, serializer, use_awaitable);
  co_await pace(bytes);
  co_await writeBody(stream, request, pace);
}

asio::awaitable<void> writeResponse(beast::tcp_stream& stream, const host::Message& response, bool toHead,
                                    const Pace& pace) {
  const bool hasBody = mayHaveBody(response);
  co_await writeResponseHeaders(stream, response, hasBody ? std::optional(response.body().size()) : std::nullopt, pace);
  if (hasBody && !toHead) co_await writeBody(stream, response, pace);
}

asio::awaitable<void> writeBeginningOfResponse(beast::tcp_stream& stream, const host::Message& response,
                                               const Pace& pace) {
  co_await writeResponseHeaders(stream, response, response.body().size() + 1, pace);
  co_await writeChunks(stream, response, pace);
}

asio::awaitable<std::optional<host::Received>> readRequest(
    beast::tcp_stream& stream, beast::flat_buffer& buffer,
    const std::function<void(const host::Received&)>& onHeaders) {
  WireParser<true> parser;
  error_code error;
  stream.expires_after(kSafetyTimeout);
  co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(use_awaitable, error));
  if (error) co_return std::nullopt;
  onHeaders(parser.message);
  if (!parser.is_done()) co_await http::async_read(stream, buffer, parser, use_awaitable);
  co_return std::move(parser.message);
}

asio::awaitable<host::Received> readResponse(beast::tcp_stream& stream, beast::flat_buffer& buffer, bool toHead) {
  while (true) {
    WireParser<false> parser;
    parser.skip(toHead);
    stream.expires_after(kSafetyTimeout);
    co_await http::async_read(stream, buffer, parser, use_awaitable);
    if (!isInterim(parser.message)) co_return std::move(parser.message);
  }
}

}  // namespace sluice::scenario
