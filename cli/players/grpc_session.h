// One HTTP/2 connection to a gRPC service.
#pragma once

#include <nghttp2/nghttp2.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "players/played_services.h"

namespace sluice::scenario {

/// Reads calls from a connection, passes them to the played services, and performs the steps that those return. It
/// lives as long as its connection.
class GrpcSession : public std::enable_shared_from_this<GrpcSession> {
 public:
  GrpcSession(boost::asio::ip::tcp::socket socket, std::string service, PlayedServices& played);
  ~GrpcSession();
  GrpcSession(const GrpcSession&) = delete;
  GrpcSession& operator=(const GrpcSession&) = delete;

  /// Starts reading.
  void start();

 private:
  // One call. Its frames are read as they come, and written as HTTP/2's flow control allows.
  struct Call {
    host::Headers headers;
    std::optional<size_t> number;  // The call's number in PlayedServices, once its headers are complete.
    std::string incoming;          // Bytes of an incomplete gRPC frame.
    bool headersSent = false;
    std::string outgoing;
    bool ended = false;  // `outgoing` is complete; trailers follow it.
    host::Headers trailers;
    bool resetAtEnd = false;  // A reset follows instead of trailers.
  };

  // nghttp2's callbacks for incoming frames. Each returns 0 or an nghttp2 error.
  static int onHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t nameSize,
                      const uint8_t* value, size_t valueSize, uint8_t flags, void* self);
  static int onFrame(nghttp2_session*, const nghttp2_frame* frame, void* self);
  static int onData(nghttp2_session*, uint8_t flags, int32_t id, const uint8_t* data, size_t size, void* self);
  static int onClose(nghttp2_session*, int32_t id, uint32_t error, void* self);
  static ssize_t onRead(nghttp2_session*, int32_t id, uint8_t* buffer, size_t size, uint32_t* flags,
                        nghttp2_data_source*, void* self);

  void open(int32_t id, Call& call);
  void receive(int32_t id, Call& call, std::string_view bytes);

  // Outgoing frames.
  void perform(int32_t id, const GrpcStep& step);
  void end(int32_t id, const host::GrpcReply& reply);
  void sendHeaders(int32_t id, Call& call, const host::Headers& metadata);
  void sendFrame(int32_t id, Call& call, std::string_view message);
  void send(int32_t id, Call& call, std::string_view bytes);
  void sendOnlyHeaders(int32_t id, Call& call, const host::Headers& headers);

  boost::asio::awaitable<void> read();
  boost::asio::awaitable<void> write();
  boost::asio::awaitable<void> endLater(int32_t id, host::GrpcReply reply);
  // Writes the bytes that nghttp2 has ready, unless a write is already running.
  void flush();

  boost::asio::ip::tcp::socket socket_;
  std::string service_;
  PlayedServices& played_;
  nghttp2_session* session_;
  std::map<int32_t, Call> calls_;
  bool writing_ = false;
};

}  // namespace sluice::scenario
