#include "abi/properties.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <vector>

#include "abi/context.h"
#include "abi/pairs.h"
#include "host_impl.h"
#include "http/stream_impl.h"
#include "plugin_impl.h"
#include "tcp/tcp_stream_impl.h"

namespace sluice::host {
namespace {

using Value = std::optional<std::string>;
using Path = std::vector<std::string_view>;

Path split(std::string_view path) {
  Path parts;
  while (!path.empty()) {
    size_t end = std::min(path.find('\0'), path.size());
    parts.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

template <class T>
std::string raw(T value) {
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  return bytes;
}

std::string integer(int64_t value) { return raw(value); }
std::string unsignedInteger(uint64_t value) { return raw(value); }
std::string boolean(bool value) { return std::string(1, value ? '\1' : '\0'); }

Value text(std::optional<std::string_view> value) {
  if (!value) return std::nullopt;
  return std::string(*value);
}

/// All values of one header, joined; or the whole map as pairs.
Value fromMap(const HeaderMap* map, const Path& path) {
  if (map == nullptr) return std::nullopt;
  if (path.size() == 2) return encodePairs(map->entries());
  Value joined;
  for (const auto& [name, value] : map->entries()) {
    if (name != lowerCase(path[2])) continue;
    joined = joined ? *joined + "," + value : value;
  }
  return joined;
}

uint64_t bodySize(const Received& message) {
  uint64_t size = 0;
  for (const auto& chunk : message.chunks) size += chunk.size();
  return size;
}

Value requestAttribute(StreamImpl& stream, const HeaderMap* headers, const Path& path) {
  if (path.size() < 2) return std::nullopt;
  const std::string_view name = path[1];
  if (name == "headers") return fromMap(headers, path);
  if (name == "time") return integer(static_cast<int64_t>(stream.attributes.startTime));
  if (name == "protocol") return "HTTP/1.1";
  if (name == "size") {
    auto length = headers == nullptr ? std::nullopt : headers->get("content-length");
    int64_t size = 0;
    if (length && std::from_chars(length->data(), length->data() + length->size(), size).ec == std::errc()) {
      return integer(size);
    }
    return integer(static_cast<int64_t>(bodySize(stream.received)));
  }
  if (name == "total_size") {
    uint64_t headerBytes = headers == nullptr ? 0 : headers->byteSize();
    return integer(static_cast<int64_t>(headerBytes + bodySize(stream.received)));
  }
  if (name == "duration") {
    if (!stream.closed()) return std::nullopt;
    return integer(static_cast<int64_t>(stream.host().now() - stream.attributes.startTime));
  }
  if (headers == nullptr) return std::nullopt;
  if (name == "path") return text(headers->get(":path"));
  if (name == "url_path") {
    auto whole = headers->get(":path");
    return whole ? Value(std::string(whole->substr(0, whole->find('?')))) : std::nullopt;
  }
  if (name == "query") {
    auto whole = headers->get(":path");
    if (!whole) return std::nullopt;
    size_t mark = whole->find('?');
    return mark == std::string_view::npos ? "" : std::string(whole->substr(mark + 1));
  }
  if (name == "host") return text(headers->get(":authority"));
  if (name == "scheme") return text(headers->get(":scheme"));
  if (name == "method") return text(headers->get(":method"));
  if (name == "referer") return text(headers->get("referer"));
  if (name == "id") return text(headers->get("x-request-id"));
  if (name == "useragent") return text(headers->get("user-agent"));
  return std::nullopt;
}

Value responseAttribute(StreamImpl& stream, const HeaderMap* headers, const HeaderMap* trailers, const Path& path) {
  if (path.size() < 2) return std::nullopt;
  const std::string_view name = path[1];
  if (name == "headers") return fromMap(headers, path);
  if (name == "trailers") return fromMap(trailers, path);
  if (name == "flags") return integer(0);
  if (name == "size") return integer(static_cast<int64_t>(bodySize(stream.answer)));
  if (name == "total_size") {
    uint64_t headerBytes = headers == nullptr ? 0 : headers->byteSize();
    return integer(static_cast<int64_t>(headerBytes + bodySize(stream.answer)));
  }
  if (name == "code") {
    if (stream.answer.started) return integer(stream.answer.status());
    int64_t code = 0;
    const auto status = headers == nullptr ? std::nullopt : headers->get(":status");
    if (!status || std::from_chars(status->data(), status->data() + status->size(), code).ec != std::errc()) {
      return std::nullopt;
    }
    return integer(code);
  }
  if (name == "code_details") return stream.details.empty() ? std::nullopt : Value(stream.details);
  if (name == "grpc_status") {
    std::optional<std::string_view> status;
    if (trailers != nullptr) status = trailers->get("grpc-status");
    if (!status && headers != nullptr) status = headers->get("grpc-status");
    int64_t code = 0;
    if (!status || std::from_chars(status->data(), status->data() + status->size(), code).ec != std::errc()) {
      return std::nullopt;
    }
    return integer(code);
  }
  return std::nullopt;
}

Value peerAttribute(const Path& path, std::string_view address, int64_t port) {
  if (path.size() != 2) return std::nullopt;
  if (path[1] == "address") return std::string(address);
  if (path[1] == "port") return integer(port);
  return std::nullopt;
}

Value connectionAttribute(const StreamAttributes& attributes, const Path& path) {
  if (path.size() != 2) return std::nullopt;
  if (path[1] == "id") return unsignedInteger(attributes.id);
  if (path[1] == "mtls") return boolean(false);
  if (path[1] == "requested_server_name") return "";
  return std::nullopt;
}

// Envoy has these below "xds" alone; what other hosts call node, cluster_name and route_name it does not know.
Value xdsAttribute(const Path& path) {
  if (path.size() != 2) return std::nullopt;
  if (path[1] == "listener_direction") return integer(0);
  if (path[1] == "filter_chain_name") return "";
  return std::nullopt;
}

/// What HTTP streams and TCP connections have in common.
Value commonAttribute(const StreamAttributes& attributes, const Path& path) {
  if (path[0] == "source") return peerAttribute(path, "127.0.0.1:50000", 50000);
  if (path[0] == "destination") return peerAttribute(path, "127.0.0.1:10000", 10000);
  if (path[0] == "connection") return connectionAttribute(attributes, path);
  if (path[0] == "xds") return xdsAttribute(path);
  if (path[0] == "filter_state" && path.size() == 2) {
    auto state = attributes.filterState.find(path[1]);
    return state == attributes.filterState.end() ? std::nullopt : Value(state->second);
  }
  if (path.size() == 1 && path[0] == "connection_id") return unsignedInteger(attributes.id);
  return std::nullopt;
}

constexpr char kClusterName[] = "upstream";

Value upstreamAttribute(const Path& path) { return peerAttribute(path, "127.0.0.1:8080", 8080); }

Value httpAttribute(Context& context, StreamImpl& stream, const Path& path) {
  // Maps as the filter may read them now; in on_log all that the stream had.
  const HeaderMap* requestHeaders = context.readableMap(MapType::HttpRequestHeaders);
  const HeaderMap* responseHeaders = context.readableMap(MapType::HttpResponseHeaders);
  const HeaderMap* responseTrailers = context.readableMap(MapType::HttpResponseTrailers);
  if (path[0] == "request") return requestAttribute(stream, requestHeaders, path);
  if (path[0] == "response") return responseAttribute(stream, responseHeaders, responseTrailers, path);
  if (path[0] == "upstream" && stream.received.started) return upstreamAttribute(path);
  if (path[0] == "xds" && path.size() == 2 && path[1] == "cluster_name") return kClusterName;
  if (path[0] == "xds" && path.size() == 2 && path[1] == "route_name") return "default";
  if (path[0] == "xds" && path.size() == 2 && path[1] == "virtual_host_name") return "all";
  return std::nullopt;
}

// A connection has times and sizes of requests and responses, but nothing of what stands in them.
Value tcpAttribute(TcpStreamImpl& connection, const Path& path) {
  if (connection.connected()) {
    if (path[0] == "upstream") return upstreamAttribute(path);
    if (path.size() == 2 && path[0] == "xds" && path[1] == "cluster_name") return kClusterName;
  }
  if (path.size() != 2) return std::nullopt;
  const bool isSize = path[1] == "size" || path[1] == "total_size";
  if (path[0] == "request") {
    if (path[1] == "time") return integer(static_cast<int64_t>(connection.attributes.startTime));
    if (isSize) return integer(static_cast<int64_t>(connection.bytesRead()));
  }
  if (path[0] == "response") {
    if (path[1] == "flags") return integer(0);
    if (isSize) return integer(static_cast<int64_t>(connection.answer.data().size()));
  }
  return std::nullopt;
}

}  // namespace

std::string dotted(std::string_view path) {
  std::string text(path);
  while (!text.empty() && text.back() == '\0') text.pop_back();
  std::replace(text.begin(), text.end(), '\0', '.');
  return text;
}

std::optional<std::string> findProperty(Context& context, std::string_view path) {
  StreamAttributes* attributes = context.attributes();
  HostImpl& host = context.vm().host();
  const std::string name = dotted(path);
  if (attributes != nullptr) {
    if (auto set = attributes->properties.find(name); set != attributes->properties.end()) return set->second;
  }
  if (auto set = host.properties.find(name); set != host.properties.end()) return set->second;

  const Path parts = split(path);
  if (parts.empty()) return std::nullopt;
  if (parts.size() == 1 && context.plugin() != nullptr) {
    const PluginOptions& options = context.plugin()->options();
    if (parts[0] == "plugin_name") return options.name;
    if (parts[0] == "plugin_root_id") return options.rootId;
    if (parts[0] == "plugin_vm_id") return options.vmId;
  }
  if (StreamImpl* stream = context.stream()) {
    if (auto value = httpAttribute(context, *stream, parts)) return value;
  } else if (TcpStreamImpl* connection = context.tcpStream()) {
    if (auto value = tcpAttribute(*connection, parts)) return value;
  }
  if (attributes == nullptr) return std::nullopt;
  if (auto value = commonAttribute(*attributes, parts)) return value;
  // What filters wrote is found by the first segment alone, as in Envoy.
  auto written = attributes->writtenProperties.find(parts[0]);
  if (written == attributes->writtenProperties.end() || parts.size() != 1) return std::nullopt;
  return written->second;
}

}  // namespace sluice::host
