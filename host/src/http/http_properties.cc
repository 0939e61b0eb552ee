#include "http/http_properties.h"

#include <charconv>
#include <cstdint>

#include "abi/pairs.h"
#include "sluice/host/text.h"

namespace sluice::host {
namespace {

PropertyValue text(std::optional<std::string_view> value) {
  if (!value) return std::nullopt;
  return std::string(*value);
}

/// The value of a header as a number, or nothing.
std::optional<int64_t> number(std::optional<std::string_view> header) {
  int64_t value = 0;
  if (!header || std::from_chars(header->data(), header->data() + header->size(), value).ec != std::errc()) {
    return std::nullopt;
  }
  return value;
}

PropertyValue asProperty(std::optional<int64_t> value) {
  return value ? PropertyValue(propertyInteger(*value)) : std::nullopt;
}

std::optional<std::string_view> header(const HeaderMap* map, std::string_view name) {
  return map == nullptr ? std::nullopt : map->get(name);
}

int64_t byteSize(const HeaderMap* map) { return map == nullptr ? 0 : static_cast<int64_t>(map->byteSize()); }

/// All values of one header, joined with commas; or the whole map, serialised as pairs.
PropertyValue mapProperty(const HeaderMap* map, const PropertyPath& path) {
  if (map == nullptr) return std::nullopt;
  if (path.size() == 2) return encodePairs(map->entries());
  const std::string wanted = lowerCase(path[2]);
  PropertyValue joined;
  for (const auto& [name, value] : map->entries()) {
    if (name == wanted) joined = joined ? *joined + "," + value : value;
  }
  return joined;
}

PropertyValue requestProperty(const StreamInfo& stream, const HeaderMap* headers, const PropertyPath& path) {
  const std::string_view name = path[1];
  const auto requestBytes = static_cast<int64_t>(stream.requestBytes);
  if (name == "headers") return mapProperty(headers, path);
  if (name == "time") return propertyInteger(static_cast<int64_t>(stream.attributes.startTime));
  if (name == "protocol") return "HTTP/1.1";
  if (name == "size") return propertyInteger(number(header(headers, "content-length")).value_or(requestBytes));
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
  const auto whole = header(headers, ":path");
  if (!whole) return std::nullopt;
  const size_t mark = whole->find('?');
  if (name == "url_path") return std::string(whole->substr(0, mark));
  if (name == "query") return mark == std::string_view::npos ? "" : std::string(whole->substr(mark + 1));
  return std::nullopt;
}

PropertyValue responseProperty(const StreamInfo& stream, const ReadableMaps& maps, const PropertyPath& path) {
  const std::string_view name = path[1];
  const auto responseBytes = static_cast<int64_t>(stream.responseBytes);
  if (name == "headers") return mapProperty(maps.responseHeaders, path);
  if (name == "trailers") return mapProperty(maps.responseTrailers, path);
  if (name == "flags") return propertyInteger(0);
  if (name == "size") return propertyInteger(responseBytes);
  if (name == "total_size") return propertyInteger(byteSize(maps.responseHeaders) + responseBytes);
  if (name == "code") {
    if (stream.answer.started) return propertyInteger(stream.answer.status());
    return asProperty(number(header(maps.responseHeaders, ":status")));
  }
  if (name == "code_details") return stream.details.empty() ? std::nullopt : PropertyValue(stream.details);
  if (name == "grpc_status") {
    auto status = header(maps.responseTrailers, "grpc-status");
    if (!status) status = header(maps.responseHeaders, "grpc-status");
    return asProperty(number(status));
  }
  return std::nullopt;
}

}  // namespace

PropertyValue httpProperty(const StreamInfo& stream, const ReadableMaps& maps, const PropertyPath& path) {
  if (path.size() < 2) return std::nullopt;
  if (path[0] == "request") return requestProperty(stream, maps.requestHeaders, path);
  if (path[0] == "response") return responseProperty(stream, maps, path);
  if (path[0] == "upstream" && stream.received.started) return upstreamProperty(path);
  if (path[0] != "xds" || path.size() != 2) return std::nullopt;
  if (path[1] == "cluster_name") return kUpstreamCluster;
  if (path[1] == "route_name") return "default";
  if (path[1] == "virtual_host_name") return "all";
  return std::nullopt;
}

}  // namespace sluice::host
