// The two directions of a stream.
#pragma once

namespace sluice::host {

/// Where a message is going: from the client to the upstream, or back. What the ABI calls downstream data of a TCP
/// connection comes from the client, so it goes in the direction of a request.
enum class Direction { Request, Response };

}  // namespace sluice::host
