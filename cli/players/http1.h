// What HTTP/1.1 adds to a message, and when a response has no body.
#pragma once

#include <cstddef>
#include <optional>

#include "sluice/host/message.h"

namespace sluice::scenario {

/// The header that says where the body ends: "transfer-encoding" for a message that is chunked, else "content-length"
/// for a body of `length` bytes. Nothing where the message has one of them, or where no length is to be said.
std::optional<host::Headers::value_type> framing(const host::Message& message, std::optional<size_t> length);

/// Whether a response of this status can have a body.
bool mayHaveBody(const host::Message& response);

}  // namespace sluice::scenario
