#include "players/http_wire.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <string>
#include <string_view>

namespace sluice::scenario {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::use_awaitable;
using boost::system::error_code;

constexpr std::uint32_t kMaxHeaderBytes = 4U << 20U;

std::string lowerCase(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// Takes a message apart as it stands on the wire: order and repetition are kept, trailers are told from headers, chunks
// from each other.
template <bool kIsRequest>
class WireParser : public http::basic_parser<kIsRequest> {
 public:
  WireParser() {
    this->body_limit(boost::none);
    this->header_limit(kMaxHeaderBytes);
    this->eager(true);
  }

  Message message;

 private:
  void on_request_impl(http::verb, beast::string_view method, beast::string_view target, int, error_code&) override {
    message.headers.emplace_back(":method", std::string(method));
    message.headers.emplace_back(":path", std::string(target));
  }
  void on_response_impl(int code, beast::string_view, int, error_code&) override {
    message.headers.emplace_back(":status", std::to_string(code));
  }
  void on_field_impl(http::field, beast::string_view name, beast::string_view value, error_code&) override {
    std::string lower = lowerCase(name);
    if (kIsRequest && lower == "host") lower = ":authority";
    (headersComplete_ ? message.trailers : message.headers).emplace_back(std::move(lower), std::string(value));
  }
  void on_header_impl(error_code&) override { headersComplete_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, error_code&) override {
    message.chunks.emplace_back(body);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {
    message.chunked = true;
    chunkBegins_ = true;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, error_code&) override {
    if (chunkBegins_) message.chunks.emplace_back();
    chunkBegins_ = false;
    message.chunks.back() += body;
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  bool headersComplete_ = false;
  bool chunkBegins_ = false;
};

// Whether the message is to go out with chunked transfer coding.
bool isChunked(const Message& message) { return message.chunked || !message.trailers.empty(); }

// `length` is that of the body that follows, or nothing where no length is to be said.
void fillFields(const Message& message, std::optional<std::size_t> length, http::fields& fields) {
  for (const auto& [name, value] : message.headers) {
    if (!name.starts_with(':')) fields.insert(name, value);
  }
  const bool framed = fields.count(http::field::content_length) + fields.count(http::field::transfer_encoding) > 0;
  if (framed) return;
  if (isChunked(message)) {
    fields.set(http::field::transfer_encoding, "chunked");
  } else if (length) {
    fields.set(http::field::content_length, std::to_string(*length));
  }
}

asio::awaitable<void> writeChunks(beast::tcp_stream& stream, const Message& message, const Pace& pace) {
  for (const auto& chunk : message.chunks) {
    if (chunk.empty()) continue;
    std::size_t bytes = 0;
    stream.expires_after(kSafetyTimeout);
    if (isChunked(message)) {
      bytes = co_await asio::async_write(stream, http::make_chunk(asio::buffer(chunk)), use_awaitable);
    } else {
      bytes = co_await asio::async_write(stream, asio::buffer(chunk), use_awaitable);
    }
    co_await pace(bytes);
  }
}

asio::awaitable<void> writeBody(beast::tcp_stream& stream, const Message& message, const Pace& pace) {
  co_await writeChunks(stream, message, pace);
  if (!isChunked(message)) co_return;
  http::fields trailers;
  for (const auto& [name, value] : message.trailers) trailers.insert(name, value);
  stream.expires_after(kSafetyTimeout);
  const std::size_t bytes = co_await asio::async_write(stream, http::make_chunk_last(trailers), use_awaitable);
  co_await pace(bytes);
}

std::string pseudoHeader(const Message& message, std::string_view name) {
  const auto values = headerValues(message.headers, name);
  return values.empty() ? std::string() : values.front();
}

asio::awaitable<void> writeResponseHeaders(beast::tcp_stream& stream, const Message& response,
                                           std::optional<std::size_t> length, const Pace& pace) {
  http::response<http::empty_body> header;
  header.version(11);
  header.result(static_cast<unsigned>(std::stoul(pseudoHeader(response, ":status"))));
  fillFields(response, length, header);
  http::response_serializer<http::empty_body> serializer(header);
  stream.expires_after(kSafetyTimeout);
  const std::size_t bytes = co_await http::async_write_header(stream, serializer, use_awaitable);
  co_await pace(bytes);
}

}  // namespace

asio::awaitable<void> writeRequest(beast::tcp_stream& stream, const Message& request, const Pace& pace) {
  http::request<http::empty_body> header;
  header.version(11);
  header.method_string(pseudoHeader(request, ":method"));
  header.target(pseudoHeader(request, ":path"));
  header.set(http::field::host, pseudoHeader(request, ":authority"));
  fillFields(request, request.chunks.empty() ? std::nullopt : std::optional(request.body().size()), header);
  http::request_serializer<http::empty_body> serializer(header);
  stream.expires_after(kSafetyTimeout);
  const std::size_t bytes = co_await http::async_write_header(stream, serializer, use_awaitable);
  co_await pace(bytes);
  co_await writeBody(stream, request, pace);
}

asio::awaitable<void> writeResponse(beast::tcp_stream& stream, const Message& response, bool toHead, const Pace& pace) {
  const std::string status = pseudoHeader(response, ":status");
  const bool hasBody = status != "204" && status != "304";
  co_await writeResponseHeaders(stream, response, hasBody ? std::optional(response.body().size()) : std::nullopt, pace);
  if (hasBody && !toHead) co_await writeBody(stream, response, pace);
}

asio::awaitable<void> writeBeginningOfResponse(beast::tcp_stream& stream, const Message& response, const Pace& pace) {
  co_await writeResponseHeaders(stream, response, response.body().size() + 1, pace);
  co_await writeChunks(stream, response, pace);
}

asio::awaitable<std::optional<Message>> readRequest(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                                                    const std::function<void(const Message&)>& onHeaders) {
  WireParser<true> parser;
  error_code error;
  stream.expires_after(kSafetyTimeout);
  co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(use_awaitable, error));
  if (error) co_return std::nullopt;
  onHeaders(parser.message);
  if (!parser.is_done()) co_await http::async_read(stream, buffer, parser, use_awaitable);
  co_return std::move(parser.message);
}

asio::awaitable<Message> readResponse(beast::tcp_stream& stream, beast::flat_buffer& buffer, bool toHead) {
  while (true) {
    WireParser<false> parser;
    parser.skip(toHead);
    stream.expires_after(kSafetyTimeout);
    co_await http::async_read(stream, buffer, parser, use_awaitable);
    if (!pseudoHeader(parser.message, ":status").starts_with('1')) co_return std::move(parser.message);
  }
}

}  // namespace sluice::scenario
