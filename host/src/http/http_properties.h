// The properties that HTTP streams have and TCP connections do not, or have otherwise.
#pragma once

#include "abi/header_map.h"
#include "abi/properties.h"
#include "http/stream_info.h"

namespace sluice::host {

/// The maps of a stream that a filter may read now; null where it may not. In on_log these are all that the stream had.
struct ReadableMaps {
  const HeaderMap* requestHeaders;
  const HeaderMap* responseHeaders;
  const HeaderMap* responseTrailers;
};

PropertyValue httpProperty(const StreamInfo& stream, const ReadableMaps& maps, const PropertyPath& path);

}  // namespace sluice::host
