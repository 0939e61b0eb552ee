// A filter in an HTTP stream, as the pipelines of the stream see it.
#pragma once

#include <string>

#include "abi/direction.h"
#include "abi/header_map.h"

namespace sluice::host {

// What a filter answers to each part of a message, in Envoy's terms.
enum class HeadersStatus { Continue, StopIteration, StopAllAndBuffer, StopAllAndWatermark };
enum class DataStatus { Continue, StopAndBuffer, StopAndWatermark, StopNoBuffer };
enum class TrailersStatus { Continue, StopIteration };

/// A filter is shown each part of a request or a response. It may change it, hold it back, or let it pass.
class HttpFilter {
 public:
  virtual ~HttpFilter() = default;
  virtual HeadersStatus onHeaders(Direction direction, HeaderMap& headers, bool end) = 0;
  virtual DataStatus onData(Direction direction, std::string& data, bool end) = 0;
  virtual TrailersStatus onTrailers(Direction direction, HeaderMap& trailers) = 0;
  virtual void onMetadata(Direction direction, const Headers& metadata) = 0;
};

}  // namespace sluice::host
