// Properties: data that the host has about itself, the connection and the stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <type_traits>

#include "sluice/abi.h"
#include "sluice/clock.h"
#include "sluice/header_map.h"
#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"
#include "sluice/result.h"

namespace sluice {

namespace internal {
/// Calls proxy_get_property with a serialized path: the segments with a NUL between them.
Result<std::string_view> getPropertyBytes(std::string_view path);
/// Joins the segments with a NUL between them, in the callback's memory. Null data when memory is exhausted.
HostData joinPath(std::initializer_list<std::string_view> segments);
}  // namespace internal

/// The path of a property and the type of its value: std::string_view, bool, int64_t, uint64_t, double, Timestamp,
/// Duration or HeaderPairs (a map). Namespace `property` has the common properties; define others like this,
///
///     constexpr Property<int64_t> kRetries("upstream\0retries");
///
/// with a NUL between the segments.
template <class T>
class Property {
 public:
  /// `path` is a literal: the segments with a NUL between them.
  template <size_t kSize>
  explicit consteval Property(const char (&path)[kSize]) : path_(path, kSize - 1) {}
  /// The segments, with a NUL between them.
  [[nodiscard]] constexpr std::string_view path() const { return path_; }

 private:
  std::string_view path_;
};

/// The bytes of the property at `segments`, such as {"request", "headers", "x-id"}. NotFound when the host does not
/// have it now. The view is valid until the callback returns (proxy_get_property). Numbers are little-endian bytes: for
/// those prefer a typed Property.
inline Result<std::string_view> getProperty(std::initializer_list<std::string_view> segments) {
  const auto path = internal::joinPath(segments);
  if (path.data == nullptr) return Status::InternalFailure;
  return internal::getPropertyBytes(path.view());
}

/// The value of a typed property. NotFound when the host does not have it now, ResultMismatch when the host's value
/// does not have the type's size, ParseFailure for a malformed map. Views are valid until the callback returns
/// (proxy_get_property).
///
///     auto path = getProperty(property::kRequestPath);
template <class T>
Result<T> getProperty(const Property<T>& property) {
  const auto bytes = internal::getPropertyBytes(property.path());
  if (!bytes) return bytes.status();
  if constexpr (std::is_same_v<T, std::string_view>) {
    return *bytes;
  } else if constexpr (std::is_same_v<T, HeaderPairs>) {
    return HeaderPairs::parse(*bytes);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (bytes->size() != 1) return Status::ResultMismatch;
    return bytes->front() != 0;
  } else if constexpr (std::is_same_v<T, Timestamp> || std::is_same_v<T, Duration>) {
    int64_t nanoseconds;
    if (bytes->size() != sizeof nanoseconds) return Status::ResultMismatch;
    std::memcpy(&nanoseconds, bytes->data(), sizeof nanoseconds);
    return T(Duration(nanoseconds));
  } else {
    static_assert(
        std::is_same_v<T, int64_t> || std::is_same_v<T, uint64_t> || std::is_same_v<T, double>,
        "a property is a std::string_view, bool, int64_t, uint64_t, double, Timestamp, Duration or HeaderPairs");
    T value;
    if (bytes->size() != sizeof value) return Status::ResultMismatch;
    std::memcpy(&value, bytes->data(), sizeof value);
    return value;
  }
}

/// Sets the property at `segments` to `value`. Later filters and the host's access log can read it. Envoy stores it in
/// the stream's filter state (proxy_set_property).
inline Status setProperty(std::initializer_list<std::string_view> segments, std::string_view value) {
  const auto path = internal::joinPath(segments);
  if (path.data == nullptr) return Status::InternalFailure;
  return abi::proxy_set_property(path.data, path.size, value.data(), value.size());
}

/// The common properties with their types (spec: Well-known properties; Envoy: Attributes). The host decides when it
/// has which property: Envoy has `request.*` while it processes the request and again in onLog.
namespace property {

/// The plugin and the host.
/// @{
inline constexpr Property<std::string_view> kPluginName("plugin_name");
inline constexpr Property<std::string_view> kPluginRootId("plugin_root_id");
inline constexpr Property<std::string_view> kPluginVmId("plugin_vm_id");
inline constexpr Property<std::string_view> kNodeId("xds\0node\0id");
inline constexpr Property<std::string_view> kNodeCluster("xds\0node\0cluster");
inline constexpr Property<std::string_view> kClusterName("xds\0cluster_name");
inline constexpr Property<std::string_view> kRouteName("xds\0route_name");
inline constexpr Property<int64_t> kListenerDirection("xds\0listener_direction");
/// @}

/// The request.
/// @{
inline constexpr Property<std::string_view> kRequestPath("request\0path");
inline constexpr Property<std::string_view> kRequestUrlPath("request\0url_path");
inline constexpr Property<std::string_view> kRequestQuery("request\0query");
inline constexpr Property<std::string_view> kRequestHost("request\0host");
inline constexpr Property<std::string_view> kRequestScheme("request\0scheme");
inline constexpr Property<std::string_view> kRequestMethod("request\0method");
inline constexpr Property<std::string_view> kRequestProtocol("request\0protocol");
inline constexpr Property<std::string_view> kRequestId("request\0id");
inline constexpr Property<std::string_view> kRequestUserAgent("request\0useragent");
inline constexpr Property<std::string_view> kRequestReferer("request\0referer");
inline constexpr Property<HeaderPairs> kRequestHeaders("request\0headers");
inline constexpr Property<Timestamp> kRequestTime("request\0time");
inline constexpr Property<Duration> kRequestDuration("request\0duration");
inline constexpr Property<int64_t> kRequestSize("request\0size");
inline constexpr Property<int64_t> kRequestTotalSize("request\0total_size");
/// @}

/// The response.
/// @{
inline constexpr Property<int64_t> kResponseCode("response\0code");
inline constexpr Property<std::string_view> kResponseCodeDetails("response\0code_details");
inline constexpr Property<int64_t> kResponseFlags("response\0flags");
inline constexpr Property<int64_t> kResponseGrpcStatus("response\0grpc_status");
inline constexpr Property<HeaderPairs> kResponseHeaders("response\0headers");
inline constexpr Property<HeaderPairs> kResponseTrailers("response\0trailers");
inline constexpr Property<int64_t> kResponseSize("response\0size");
inline constexpr Property<int64_t> kResponseTotalSize("response\0total_size");
/// @}

/// The downstream connection.
/// @{
inline constexpr Property<std::string_view> kSourceAddress("source\0address");
inline constexpr Property<int64_t> kSourcePort("source\0port");
inline constexpr Property<std::string_view> kDestinationAddress("destination\0address");
inline constexpr Property<int64_t> kDestinationPort("destination\0port");
inline constexpr Property<uint64_t> kConnectionId("connection\0id");
inline constexpr Property<bool> kConnectionMtls("connection\0mtls");
inline constexpr Property<std::string_view> kConnectionTlsVersion("connection\0tls_version");
inline constexpr Property<std::string_view> kConnectionRequestedServerName("connection\0requested_server_name");
inline constexpr Property<std::string_view> kConnectionSubjectPeerCertificate("connection\0subject_peer_certificate");
inline constexpr Property<std::string_view> kConnectionDnsSanPeerCertificate("connection\0dns_san_peer_certificate");
inline constexpr Property<std::string_view> kConnectionUriSanPeerCertificate("connection\0uri_san_peer_certificate");
inline constexpr Property<std::string_view> kConnectionSha256PeerCertificateDigest(
    "connection\0sha256_peer_certificate_digest");
/// @}

/// The upstream connection.
/// @{
inline constexpr Property<std::string_view> kUpstreamAddress("upstream\0address");
inline constexpr Property<int64_t> kUpstreamPort("upstream\0port");
inline constexpr Property<std::string_view> kUpstreamLocalAddress("upstream\0local_address");
inline constexpr Property<std::string_view> kUpstreamTlsVersion("upstream\0tls_version");
inline constexpr Property<std::string_view> kUpstreamTransportFailureReason("upstream\0transport_failure_reason");
/// @}

}  // namespace property

}  // namespace sluice
