// The interface between the pipelines of an HTTP stream and a filter.
#pragma once

#include <string>

#include "abi/direction.h"
#include "abi/header_map.h"

namespace sluice::host {

// The statuses that a filter returns for each part of a message, in Envoy's terms.
enum class HeadersStatus { Continue, StopIteration, StopAllAndBuffer, StopAllAndWatermark };
enum class DataStatus { Continue, StopAndBuffer, StopAndWatermark, StopNoBuffer };
enum class TrailersStatus { Continue, StopIteration };

/// A filter gets each part of a request or a response. It may change the part, hold it back, or let it pass.
class HttpFilter {
 public:
  virtual ~HttpFilter() = default;
  virtual HeadersStatus onHeaders(Direction direction, HeaderMap& headers, bool end) = 0;
  virtual DataStatus onData(Direction direction, std::string& data, bool end) = 0;
  virtual TrailersStatus onTrailers(Direction direction, HeaderMap& trailers) = 0;
  virtual void onMetadata(Direction direction, const Headers& metadata) = 0;
};

}  // namespace sluice::host
