// What both sides of HTTP/2 share.
#pragma once

#include <nghttp2/nghttp2.h>

#include <vector>

#include "sluice/host/message.h"

namespace sluice::scenario {

/// The header fields as nghttp2's structures, which point into `headers`.
std::vector<nghttp2_nv> nameValues(const host::Headers& headers);

}  // namespace sluice::scenario
