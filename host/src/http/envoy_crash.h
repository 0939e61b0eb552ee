// What crashes a real Envoy 1.40: operations of a filter on an HTTP stream that is over, or that is about to be.
#pragma once

#include <string_view>

namespace sluice::host {

/// The state of a stream when a filter asks for an operation. Envoy performs operations once the callback has returned,
/// so those of one callback can meet.
struct StreamMoment {
  bool over = false;              ///< on_log, on_done or on_delete is running, or has run.
  bool requestComplete = false;   ///< The client has sent its whole request.
  bool hasResponse = false;       ///< There are response headers, of the upstream or of a local response.
  bool upstreamResponds = false;  ///< The response headers are the upstream's.
  bool inRequest = false;         ///< A request callback of the filter is running.
  bool closing = false;           ///< The filter has closed the stream in the same callback.
  bool answering = false;         ///< The filter has sent a local response in the same callback.
  bool finishing = false;         ///< The filter has continued a complete response in the same callback.
};

/// Each returns why Envoy crashes when the filter does this now; nothing when it does not.
std::string_view crashOfLocalResponse(const StreamMoment& moment);
std::string_view crashOfClose(const StreamMoment& moment);
std::string_view crashOfContinueResponse(const StreamMoment& moment);

}  // namespace sluice::host
