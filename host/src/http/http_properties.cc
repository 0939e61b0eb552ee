#include "http/http_properties.h"

#include <algorithm>
#include <cstdint>

#include "abi/number.h"
#include "abi/pairs.h"
#include "calls/grpc_wire.h"

namespace sluice::host {
namespace {

constexpr auto kLastGrpcStatus = static_cast<int64_t>(GrpcStatus::Unauthenticated);

PropertyValue text(std::optional<std::string_view> value) {
  if (!value) return std::nullopt;
  return std::string(*value);
}

/// The value of a header as a number, or nothing.
std::optional<int64_t> number(std::optional<std::string_view> header) {
  return header ? wholeNumber<int64_t>(*header) : std::nullopt;
}

std::optional<std::string_view> header(const HeaderMap* map, std::string_view name) {
  return map == nullptr ? std::nullopt : map->get(name);
}

int64_t byteSize(const HeaderMap* map) { return map == nullptr ? 0 : static_cast<int64_t>(map->byteSize()); }

/// All values of one header, joined with commas; or the whole map, serialised as pairs.
PropertyValue mapProperty(const HeaderMap* map, const PropertyPath& path) {
  Headers joined;
  if (map != nullptr) {
    for (const auto& [name, value] : map->entries()) {
      auto same = std::find_if(joined.begin(), joined.end(), [&](const auto& entry) { return entry.first == name; });
      if (same == joined.end()) {
        joined.emplace_back(name, value);
      } else {
        same->second += "," + value;
      }
    }
  }
  if (path.size() == 2) return encodePairs(joined);
  if (path.size() == 3) return text(headerValue(joined, path[2]));
  return std::nullopt;
}

// The size of the request's body: what the client says, or what has arrived. Envoy has none for a size that is no
// number.
PropertyValue requestSize(const StreamInfo& stream, const HeaderMap* headers) {
  const auto said = header(headers, "content-length");
  if (!said) return propertyInteger(static_cast<int64_t>(stream.requestBytes));
  const auto size = number(said);
  return size ? PropertyValue(propertyInteger(*size)) : std::nullopt;
}

// The parts of a request's path; of headers without a path they are empty.
PropertyValue pathProperty(const HeaderMap& headers, std::string_view name) {
  const std::string_view path = headers.get(":path").value_or("");
  const size_t mark = path.find('?');
  if (name == "url_path") return std::string(path.substr(0, mark));
  if (mark == std::string_view::npos) return "";
  const std::string_view query = path.substr(mark + 1);
  return std::string(query.substr(0, query.find('#')));
}

PropertyValue requestProperty(const StreamInfo& stream, const HeaderMap* headers, const PropertyPath& path) {
  const std::string_view name = path[1];
  const auto requestBytes = static_cast<int64_t>(stream.requestBytes);
  if (name == "headers") return mapProperty(headers, path);
  if (path.size() != 2) return std::nullopt;
  if (name == "headers_bytes") return propertyInteger(byteSize(headers));
  if (name == "time") return propertyInteger(static_cast<int64_t>(stream.attributes.startTime));
  if (name == "protocol") return "HTTP/1.1";
  if (name == "size") return requestSize(stream, headers);
  if (name == "total_size") return propertyInteger(byteSize(headers) + requestBytes);
  if (name == "duration") {
    if (!stream.closed) return std::nullopt;
    return propertyInteger(static_cast<int64_t>(stream.clock.now() - stream.attributes.startTime));
  }
  if (name == "path") return text(header(headers, ":path"));
  if (name == "host") return text(header(headers, ":authority"));
  if (name == "scheme") return text(header(headers, ":scheme"));
  if (name == "method") return text(header(headers, ":method"));
  if (name == "referer") return text(header(headers, "referer"));
  if (name == "id") return text(header(headers, "x-request-id"));
  if (name == "useragent") return text(header(headers, "user-agent"));
  const bool ofPath = name == "url_path" || name == "query";
  return ofPath && headers != nullptr ? pathProperty(*headers, name) : std::nullopt;
}

// The gRPC status that the response says, or that its HTTP status stands for.
PropertyValue grpcStatus(const StreamInfo& stream, const ReadableMaps& maps) {
  auto said = header(maps.responseTrailers, "grpc-status");
  if (!said) said = header(maps.responseHeaders, "grpc-status");
  if (said) {
    const int64_t status = number(said).value_or(-1);
    return propertyInteger(status >= 0 && status <= kLastGrpcStatus ? status : -1);
  }
  if (stream.responseCode == 0) return std::nullopt;
  return propertyInteger(static_cast<int64_t>(grpcStatusFor(static_cast<uint32_t>(stream.responseCode))));
}

PropertyValue responseProperty(const StreamInfo& stream, const ReadableMaps& maps, const PropertyPath& path) {
  const std::string_view name = path[1];
  const auto responseBytes = static_cast<int64_t>(stream.responseBytes);
  if (name == "headers") return mapProperty(maps.responseHeaders, path);
  if (name == "trailers") return mapProperty(maps.responseTrailers, path);
  if (path.size() != 2) return std::nullopt;
  const int64_t headers = byteSize(maps.responseHeaders);
  if (name == "headers_bytes") return propertyInteger(headers);
  if (name == "flags") return propertyInteger(static_cast<int64_t>(stream.flags));
  if (name == "size") return propertyInteger(responseBytes);
  if (name == "total_size") {
    return propertyInteger(headers + byteSize(maps.responseTrailers) + responseBytes);
  }
  if (name == "code" && stream.responseCode != 0) return propertyInteger(stream.responseCode);
  if (name == "code_details" && stream.details) return *stream.details;
  if (name == "grpc_status") return grpcStatus(stream, maps);
  if (name == "backend_latency" && stream.requestSent && stream.responseEnded) {
    return propertyInteger(static_cast<int64_t>(*stream.responseEnded - *stream.requestSent));
  }
  return std::nullopt;
}

}  // namespace

PropertyValue httpProperty(const StreamInfo& stream, const ReadableMaps& maps, const PropertyPath& path) {
  const bool connected = stream.received.started;
  if (path[0] == "upstream_filter_state" && path.size() == 1 && connected) return PropertyValue::unserializable();
  if (path.size() < 2) return std::nullopt;
  if (path[0] == "request") return requestProperty(stream, maps.requestHeaders, path);
  if (path[0] == "response") return responseProperty(stream, maps, path);
  if (path[0] == "upstream") return upstreamProperty(path, connected);
  if (path[0] != "xds" || path.size() != 2) return std::nullopt;
  if (path[1] == "route_name") return "default";
  if (path[1] == "virtual_host_name") return "all";
  if (path[1] == "route_metadata" || path[1] == "virtual_host_metadata") return "";
  return clusterProperty(path, connected);
}

}  // namespace sluice::host
