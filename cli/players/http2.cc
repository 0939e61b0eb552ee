#include "players/http2.h"

#include <string>

#include "players/player.h"

namespace sluice::scenario {

std::vector<nghttp2_nv> nameValues(const host::Headers& headers) {
  std::vector<nghttp2_nv> result;
  for (const auto& [name, value] : headers) {
    // nghttp2 copies the bytes, but the pointers in its structure are not const.
    auto* const nameBytes = reinterpret_cast<uint8_t*>(const_cast<char*>(name.data()));
    auto* const valueBytes = reinterpret_cast<uint8_t*>(const_cast<char*>(value.data()));
    result.push_back({nameBytes, valueBytes, name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  return result;
}

nghttp2_session* newHttp2Session(NewHttp2Session make, const Http2Callbacks& callbacks, void* self) {
  nghttp2_session_callbacks* table = nullptr;
  if (nghttp2_session_callbacks_new(&table) != 0) throw PlayerError("nghttp2 has no memory");
  nghttp2_session_callbacks_set_on_header_callback(table, callbacks.header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(table, callbacks.frame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table, callbacks.data);
  nghttp2_session_callbacks_set_on_stream_close_callback(table, callbacks.close);
  nghttp2_session* session = nullptr;
  const int failure = make(&session, table, self);
  nghttp2_session_callbacks_del(table);
  if (failure != 0) throw PlayerError(std::string("nghttp2: ") + nghttp2_strerror(failure));
  return session;
}

}  // namespace sluice::scenario
