// The two directions of a stream.
#pragma once

namespace sluice::host {

/// The direction of a message: from the client to the upstream, or back. The ABI's downstream data of a TCP connection
/// comes from the client, so its direction is Request.
enum class Direction { Request, Response };

}  // namespace sluice::host
