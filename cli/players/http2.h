// What both sides of HTTP/2 share.
#pragma once

#include <nghttp2/nghttp2.h>

#include <vector>

#include "sluice/host/message.h"

namespace sluice::scenario {

/// The header fields as nghttp2's structures, which point into `headers`.
std::vector<nghttp2_nv> nameValues(const host::Headers& headers);

/// What a session calls for incoming frames.
struct Http2Callbacks {
  nghttp2_on_header_callback header;
  nghttp2_on_frame_recv_callback frame;
  nghttp2_on_data_chunk_recv_callback data;
  nghttp2_on_stream_close_callback close;
};

/// nghttp2_session_client_new() or nghttp2_session_server_new().
using NewHttp2Session = int (*)(nghttp2_session**, const nghttp2_session_callbacks*, void*);

/// A session, which nghttp2_session_del() ends. The callbacks get `self`. Throws PlayerError when it cannot be made.
nghttp2_session* newHttp2Session(NewHttp2Session make, const Http2Callbacks& callbacks, void* self);

}  // namespace sluice::scenario
