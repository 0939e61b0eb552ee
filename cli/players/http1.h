// The header that HTTP/1.1 adds to a message, and which responses have a body.
#pragma once

#include <cstddef>
#include <optional>

#include "sluice/host/message.h"

namespace sluice::scenario {

/// The header that says where the body ends: "transfer-encoding" for a chunked message, else "content-length" for a
/// body of `length` bytes. Nothing when the message already has one of them, or `length` is nothing.
std::optional<host::Headers::value_type> framing(const host::Message& message, std::optional<size_t> length);

/// Whether a response with this status can have a body.
bool mayHaveBody(const host::Message& response);

}  // namespace sluice::scenario
