// The operations of a filter on its HTTP stream.
#pragma once

#include <memory>
#include <string_view>

#include "abi/context.h"
#include "http/pipeline.h"
#include "http/stream_info.h"

namespace sluice::host {

/// The operations of a filter on its stream.
class StreamControl : public std::enable_shared_from_this<StreamControl> {
 public:
  virtual ~StreamControl() = default;
  virtual StreamInfo& info() = 0;
  virtual Pipeline& pipeline(Direction direction) = 0;
  /// Answers the client in place of the upstream; resets the stream if the client has already received headers.
  virtual void sendLocalResponse(const LocalResponse& response) = 0;
  /// Resets the stream at both ends. `details` is the reason in Envoy's words.
  virtual void reset(std::string_view details) = 0;
};

}  // namespace sluice::host
