#include "players/grpc_session.h"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <vector>

#include "players/http2.h"
#include "players/player.h"
#include "sluice/host/text.h"

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::use_awaitable;

namespace {

constexpr size_t kFrameHeaderSize = 5;  // A flag byte, and the message's size in four bytes, big-endian.

void append(host::Headers& headers, const host::Headers& more) {
  headers.insert(headers.end(), more.begin(), more.end());
}

host::Headers statusTrailers(const host::GrpcReply& reply) {
  host::Headers trailers;
  if (reply.status != GrpcStatus::None) {
    trailers.emplace_back("grpc-status", std::to_string(static_cast<uint32_t>(reply.status)));
  }
  if (!reply.statusMessage.empty()) trailers.emplace_back("grpc-message", host::percentEncoded(reply.statusMessage));
  append(trailers, reply.trailingMetadata);
  return trailers;
}

host::Headers grpcHeaders(const host::Headers& metadata) {
  host::Headers headers = {{":status", "200"}, {"content-type", "application/grpc"}};
  append(headers, metadata);
  return headers;
}

}  // namespace

GrpcSession::GrpcSession(asio::ip::tcp::socket socket, std::string service, PlayedServices& played)
    : socket_(std::move(socket)),
      service_(std::move(service)),
      played_(played),
      session_(newHttp2Session(nghttp2_session_server_new, {onHeader, onFrame, onData, onClose}, this)) {}

GrpcSession::~GrpcSession() { nghttp2_session_del(session_); }

void GrpcSession::start() {
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
  flush();
  asio::co_spawn(socket_.get_executor(), read(), asio::detached);
}

// ---------------------------------------------------------------------------------------------------------------------
// Incoming frames.

asio::awaitable<void> GrpcSession::read() {
  const auto self = shared_from_this();
  std::array<uint8_t, 16384> buffer;
  while (true) {
    boost::system::error_code error;
    const size_t size =
        co_await socket_.async_read_some(asio::buffer(buffer), asio::redirect_error(use_awaitable, error));
    if (error) co_return;
    if (nghttp2_session_mem_recv(session_, buffer.data(), size) < 0) {
      socket_.close();
      co_return;
    }
    flush();
  }
}

int GrpcSession::onHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t nameSize,
                          const uint8_t* value, size_t valueSize, uint8_t, void* self) {
  auto& call = static_cast<GrpcSession*>(self)->calls_[frame->hd.stream_id];
  if (call.number) return 0;  // A trailer; gRPC has none in this direction.
  call.headers.emplace_back(std::string(reinterpret_cast<const char*>(name), nameSize),
                            std::string(reinterpret_cast<const char*>(value), valueSize));
  return 0;
}

int GrpcSession::onFrame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
  auto& session = *static_cast<GrpcSession*>(self);
  const int32_t id = frame->hd.stream_id;
  if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
  const auto call = session.calls_.find(id);
  if (call == session.calls_.end()) return 0;
  if (!call->second.number) session.open(id, call->second);
  if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
    session.perform(id, session.played_.grpcEnd(*call->second.number));
  }
  return 0;
}

int GrpcSession::onData(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size, void* self) {
  auto& session = *static_cast<GrpcSession*>(self);
  const auto call = session.calls_.find(id);
  if (call != session.calls_.end()) {
    session.receive(id, call->second, {reinterpret_cast<const char*>(data), size});
  }
  return 0;
}

int GrpcSession::onClose(nghttp2_session*, int32_t id, uint32_t error, void* self) {
  auto& session = *static_cast<GrpcSession*>(self);
  const auto call = session.calls_.find(id);
  if (call == session.calls_.end()) return 0;
  if (error != NGHTTP2_NO_ERROR && call->second.number) session.played_.grpcCanceled(*call->second.number);
  session.calls_.erase(call);
  return 0;
}

void GrpcSession::open(int32_t id, Call& call) {
  std::string path = host::headerValue(call.headers, ":path").value_or("");  // "/package.Service/Method"
  if (path.starts_with('/')) path.erase(0, 1);
  const size_t slash = std::min(path.rfind('/'), path.size());
  GrpcStep step;
  call.number = played_.openGrpc({.cluster = service_,
                                  .service = path.substr(0, slash),
                                  .method = path.substr(std::min(slash + 1, path.size())),
                                  .metadata = call.headers},
                                 step);
  perform(id, step);
}

void GrpcSession::receive(int32_t id, Call& call, std::string_view bytes) {
  call.incoming += bytes;
  while (call.incoming.size() >= kFrameHeaderSize) {
    size_t size = 0;
    for (size_t i = 1; i < kFrameHeaderSize; ++i) {
      size = size << 8U | static_cast<unsigned char>(call.incoming[i]);
    }
    if (call.incoming.size() - kFrameHeaderSize < size) return;
    std::string message = call.incoming.substr(kFrameHeaderSize, size);
    call.incoming.erase(0, kFrameHeaderSize + size);
    perform(id, played_.grpcMessage(*call.number, std::move(message)));
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Outgoing frames.

void GrpcSession::perform(int32_t id, const GrpcStep& step) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  for (const auto& message : step.messages) {
    sendHeaders(id, found->second, step.initialMetadata);
    sendFrame(id, found->second, message);
  }
  if (!step.end) return;
  if (step.end->delay.count() > 0) {
    asio::co_spawn(socket_.get_executor(), endLater(id, *step.end), asio::detached);
  } else {
    end(id, *step.end);
  }
}

asio::awaitable<void> GrpcSession::endLater(int32_t id, host::GrpcReply reply) {
  const auto self = shared_from_this();
  asio::steady_timer timer(socket_.get_executor(), reply.delay);
  co_await timer.async_wait(use_awaitable);
  end(id, reply);
  flush();
}

void GrpcSession::end(int32_t id, const host::GrpcReply& reply) {
  const auto found = calls_.find(id);
  if (found == calls_.end() || found->second.ended) return;
  Call& call = found->second;
  using Kind = host::GrpcReply::Kind;
  switch (reply.kind) {
    case Kind::Never:
      return;
    case Kind::NotGrpc:
      return sendOnlyHeaders(id, call, {{":status", std::to_string(reply.httpStatus)}, {"content-length", "0"}});
    case Kind::ConnectionFailure:
    case Kind::Reset:
      if (!call.headersSent && reply.initialMetadata.empty()) {
        call.ended = true;
        nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_INTERNAL_ERROR);
        return;
      }
      sendHeaders(id, call, reply.initialMetadata);
      call.resetAtEnd = true;
      break;
    case Kind::Malformed:
      sendHeaders(id, call, reply.initialMetadata);
      send(id, call, std::string(kFrameHeaderSize, '\xff'));  // An invalid flag byte.
      call.trailers = statusTrailers(reply);
      break;
    case Kind::Response:
      if (reply.trailersOnly && !call.headersSent) {
        return sendOnlyHeaders(id, call, grpcHeaders(statusTrailers(reply)));
      }
      sendHeaders(id, call, reply.initialMetadata);
      for (const auto& message : reply.messages) sendFrame(id, call, message);
      call.trailers = statusTrailers(reply);
      break;
  }
  call.ended = true;
  nghttp2_session_resume_data(session_, id);
}

void GrpcSession::sendOnlyHeaders(int32_t id, Call& call, const host::Headers& headers) {
  call.ended = true;
  const auto fields = nameValues(headers);
  nghttp2_submit_response(session_, id, fields.data(), fields.size(), nullptr);
}

void GrpcSession::sendHeaders(int32_t id, Call& call, const host::Headers& metadata) {
  if (call.headersSent) return;
  call.headersSent = true;
  const host::Headers headers = grpcHeaders(metadata);
  const auto fields = nameValues(headers);
  nghttp2_data_provider provider{};
  provider.read_callback = onRead;
  nghttp2_submit_response(session_, id, fields.data(), fields.size(), &provider);
}

void GrpcSession::sendFrame(int32_t id, Call& call, std::string_view message) {
  std::string frame(kFrameHeaderSize, '\0');
  for (size_t i = 1; i < kFrameHeaderSize; ++i) {
    frame[i] = static_cast<char>(message.size() >> 8U * (kFrameHeaderSize - 1 - i));
  }
  send(id, call, frame + std::string(message));
}

void GrpcSession::send(int32_t id, Call& call, std::string_view bytes) {
  call.outgoing += bytes;
  nghttp2_session_resume_data(session_, id);
}

ssize_t GrpcSession::onRead(nghttp2_session* session, int32_t id, uint8_t* buffer, size_t size, uint32_t* flags,
                            nghttp2_data_source*, void* self) {
  Call& call = static_cast<GrpcSession*>(self)->calls_[id];
  const size_t taken = std::min(size, call.outgoing.size());
  std::copy_n(call.outgoing.begin(), taken, reinterpret_cast<char*>(buffer));
  call.outgoing.erase(0, taken);
  if (!call.outgoing.empty()) return static_cast<ssize_t>(taken);
  if (call.ended && call.resetAtEnd) {
    return taken > 0 ? static_cast<ssize_t>(taken) : ssize_t{NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE};  // A reset.
  }
  if (call.ended) {
    *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
    const auto fields = nameValues(call.trailers);
    nghttp2_submit_trailer(session, id, fields.data(), fields.size());
    return static_cast<ssize_t>(taken);
  }
  return taken > 0 ? static_cast<ssize_t>(taken) : ssize_t{NGHTTP2_ERR_DEFERRED};
}

void GrpcSession::flush() {
  if (writing_) return;
  writing_ = true;
  asio::co_spawn(socket_.get_executor(), write(), asio::detached);
}

asio::awaitable<void> GrpcSession::write() {
  const auto self = shared_from_this();
  while (true) {
    const uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
    if (size <= 0) break;
    // nghttp2's bytes are valid until its next call, and a read may call it during the write.
    const std::vector<uint8_t> copy(bytes, bytes + size);
    boost::system::error_code error;
    co_await asio::async_write(socket_, asio::buffer(copy), asio::redirect_error(use_awaitable, error));
    if (error) break;
  }
  writing_ = false;
}

}  // namespace sluice::scenario
