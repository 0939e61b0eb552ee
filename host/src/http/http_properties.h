// The properties of HTTP streams that TCP connections lack or define differently.
#pragma once

#include "abi/header_map.h"
#include "abi/properties.h"
#include "http/stream_info.h"

namespace sluice::host {

/// The maps of a stream that a filter may read now; null for the others. In on_log a filter may read every map that the
/// stream has.
struct ReadableMaps {
  const HeaderMap* requestHeaders;
  const HeaderMap* responseHeaders;
  const HeaderMap* responseTrailers;
};

PropertyValue httpProperty(const StreamInfo& stream, const ReadableMaps& maps, const PropertyPath& path);

}  // namespace sluice::host
