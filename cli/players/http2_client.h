// The client's side of HTTP/2.
#pragma once

#include <nghttp2/nghttp2.h>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <cstdint>
#include <string>

#include "players/http_wire.h"
#include "sluice/host/message.h"
#include "sluice/host/received.h"

namespace sluice::scenario {

/// One connection with one request. A coroutine writes the request while another one reads the response.
class Http2Client {
 public:
  /// `scheme` is the request's: "http" or "https". `stream` must outlive the client.
  Http2Client(boost::beast::tcp_stream& stream, std::string scheme);
  ~Http2Client();
  Http2Client(const Http2Client&) = delete;
  Http2Client& operator=(const Http2Client&) = delete;

  /// Writes the request, each chunk as a DATA frame of its own (of several if it is large). Call it once. Throws
  /// boost::system::system_error.
  boost::asio::awaitable<void> writeRequest(const host::Message& request, const Pace& pace);
  /// Reads the final response. Throws boost::system::system_error when it is missing or breaks off.
  boost::asio::awaitable<host::Received> readResponse();

 private:
  // nghttp2's callbacks. Each returns 0 or an nghttp2 error.
  static int onHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t nameSize,
                      const uint8_t* value, size_t valueSize, uint8_t flags, void* self);
  static int onFrame(nghttp2_session*, const nghttp2_frame* frame, void* self);
  static int onData(nghttp2_session*, uint8_t flags, int32_t id, const uint8_t* data, size_t size, void* self);
  static int onClose(nghttp2_session*, int32_t id, uint32_t error, void* self);
  static ssize_t onRead(nghttp2_session*, int32_t id, uint8_t* buffer, size_t size, uint32_t* flags,
                        nghttp2_data_source*, void* self);

  void submit(const host::Message& request);
  // Writes what nghttp2 has ready; returns how many bytes, or 0 if another coroutine is writing.
  boost::asio::awaitable<size_t> flush();

  boost::beast::tcp_stream& stream_;
  std::string scheme_;
  nghttp2_session* session_;
  int32_t id_ = 0;
  std::string outgoing_;    // Of the body.
  bool ended_ = false;      // outgoing_ has the rest of the body.
  host::Headers trailers_;  // They follow it.
  bool writing_ = false;
  host::Received response_;
  bool closed_ = false;  // The stream is over.
};

}  // namespace sluice::scenario
