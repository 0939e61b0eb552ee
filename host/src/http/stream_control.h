// What a filter may do to its HTTP stream.
#pragma once

#include <memory>
#include <string_view>

#include "abi/context.h"
#include "http/pipeline.h"
#include "http/stream_info.h"

namespace sluice::host {

/// What a filter may do to its stream.
class StreamControl : public std::enable_shared_from_this<StreamControl> {
 public:
  virtual ~StreamControl() = default;
  virtual StreamInfo& info() = 0;
  virtual Pipeline& pipeline(Direction direction) = 0;
  /// Answers the client in place of the upstream; cuts the stream off when the client has had headers already.
  virtual void sendLocalResponse(const LocalResponse& response) = 0;
  /// Cuts the stream off at both ends. `details` says why, in Envoy's words.
  virtual void reset(std::string_view details) = 0;
};

}  // namespace sluice::host
