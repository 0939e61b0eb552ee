#include "players/http2_client.h"

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <vector>

#include "players/http1.h"
#include "players/http2.h"
#include "players/player.h"
#include "sluice/host/text.h"

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::use_awaitable;

namespace {

[[noreturn]] void breakOff() { throw boost::system::system_error(asio::error::connection_reset); }

bool isInterim(const host::Message& response) { return response.status() / 100 == 1; }

host::Headers lowerCase(const host::Headers& headers) {
  host::Headers result;
  for (const auto& [name, value] : headers) {
    if (!name.starts_with(':')) result.emplace_back(host::lowerCase(name), value);
  }
  return result;
}

}  // namespace

Http2Client::Http2Client(boost::beast::tcp_stream& stream, std::string scheme)
    : stream_(stream),
      scheme_(std::move(scheme)),
      session_(newHttp2Session(nghttp2_session_client_new, {onHeader, onFrame, onData, onClose}, this)) {}

Http2Client::~Http2Client() { nghttp2_session_del(session_); }

// ---------------------------------------------------------------------------------------------------------------------
// The request.

void Http2Client::submit(const host::Message& request) {
  host::Headers headers = {{":method", request.header(":method")},
                           {":scheme", scheme_},
                           {":authority", request.header(":authority")},
                           {":path", request.header(":path")}};
  for (auto& field : lowerCase(request.headers)) headers.push_back(std::move(field));
  const bool hasBody = !request.body().empty() || (request.isChunked() && !request.trailers.empty());
  if (!request.isChunked() && !request.chunks.empty()) {
    if (auto field = framing(request, request.body().size())) headers.push_back(std::move(*field));
  }
  trailers_ = lowerCase(request.trailers);
  nghttp2_data_provider provider{};
  provider.read_callback = onRead;
  const auto fields = nameValues(headers);
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
  id_ = nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(), hasBody ? &provider : nullptr, nullptr);
  if (id_ < 0) throw PlayerError(std::string("nghttp2: ") + nghttp2_strerror(id_));
}

asio::awaitable<void> Http2Client::writeRequest(const host::Message& request, const Pace& pace) {
  submit(request);
  co_await pace(co_await flush());
  for (const auto& chunk : request.chunks) {
    if (chunk.empty()) continue;
    outgoing_ += chunk;
    ended_ = &chunk == &request.chunks.back();
    nghttp2_session_resume_data(session_, id_);
    co_await pace(co_await flush());
  }
  if (ended_) co_return;
  ended_ = true;
  nghttp2_session_resume_data(session_, id_);
  co_await pace(co_await flush());
}

ssize_t Http2Client::onRead(nghttp2_session* session, int32_t id, uint8_t* buffer, size_t size, uint32_t* flags,
                            nghttp2_data_source*, void* self) {
  auto& client = *static_cast<Http2Client*>(self);
  const size_t taken = std::min(size, client.outgoing_.size());
  std::copy_n(client.outgoing_.begin(), taken, reinterpret_cast<char*>(buffer));
  client.outgoing_.erase(0, taken);
  if (client.outgoing_.empty() && client.ended_) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (!client.trailers_.empty()) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      const auto fields = nameValues(client.trailers_);
      nghttp2_submit_trailer(session, id, fields.data(), fields.size());
    }
    return static_cast<ssize_t>(taken);
  }
  return taken > 0 ? static_cast<ssize_t>(taken) : ssize_t{NGHTTP2_ERR_DEFERRED};
}

asio::awaitable<size_t> Http2Client::flush() {
  if (writing_) co_return 0;
  writing_ = true;
  size_t total = 0;
  while (true) {
    const uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
    if (size <= 0) break;
    // nghttp2's bytes are valid until its next call, and a read may call it during the write.
    const std::vector<uint8_t> copy(bytes, bytes + size);
    total += copy.size();
    try {
      co_await asio::async_write(stream_, asio::buffer(copy), use_awaitable);
    } catch (...) {
      writing_ = false;
      throw;
    }
  }
  writing_ = false;
  co_return total;
}

// ---------------------------------------------------------------------------------------------------------------------
// The response.

asio::awaitable<host::Received> Http2Client::readResponse() {
  std::array<uint8_t, 16384> buffer;
  while (!response_.complete) {
    if (closed_) breakOff();
    stream_.expires_after(kSafetyTimeout);
    const size_t size = co_await stream_.async_read_some(asio::buffer(buffer), use_awaitable);
    if (nghttp2_session_mem_recv(session_, buffer.data(), size) < 0) breakOff();
    co_await flush();
  }
  co_return std::move(response_);
}

int Http2Client::onHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t nameSize,
                          const uint8_t* value, size_t valueSize, uint8_t, void* self) {
  auto& client = *static_cast<Http2Client*>(self);
  if (frame->hd.stream_id != client.id_) return 0;
  auto& fields = client.response_.started ? client.response_.trailers : client.response_.headers;
  fields.emplace_back(std::string(reinterpret_cast<const char*>(name), nameSize),
                      std::string(reinterpret_cast<const char*>(value), valueSize));
  return 0;
}

int Http2Client::onFrame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
  auto& client = *static_cast<Http2Client*>(self);
  if (frame->hd.stream_id != client.id_) return 0;
  if (frame->hd.type == NGHTTP2_HEADERS && !client.response_.started) {
    if (isInterim(client.response_)) {
      client.response_.headers.clear();
      return 0;
    }
    client.response_.started = true;
  }
  const bool mayEnd = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
  if (mayEnd && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) client.response_.complete = true;
  return 0;
}

int Http2Client::onData(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size, void* self) {
  auto& client = *static_cast<Http2Client*>(self);
  if (id == client.id_) client.response_.chunks.emplace_back(reinterpret_cast<const char*>(data), size);
  return 0;
}

int Http2Client::onClose(nghttp2_session*, int32_t id, uint32_t, void* self) {
  auto& client = *static_cast<Http2Client*>(self);
  if (id == client.id_) client.closed_ = true;
  return 0;
}

}  // namespace sluice::scenario
