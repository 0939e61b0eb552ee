// Properties: paths, types, and values of the wrong type.
#include <cstring>

#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <class T>
std::string bytesOf(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

/// One header, serialized as the specification says.
const std::string kMap = bytesOf<uint32_t>(1) + bytesOf<uint32_t>(1) + bytesOf<uint32_t>(2) + std::string("k\0vv\0", 5);

struct PropertyCase {
  std::string constant;
  std::string path;   // The path in the specification and in Envoy.
  std::string bytes;  // The bytes from the host.
  std::string told;   // The type and the value that the filter sees.
};

const PropertyCase kCases[] = {
    {"kPluginName", "plugin_name", "p", "text p"},
    {"kPluginRootId", "plugin_root_id", "r", "text r"},
    {"kPluginVmId", "plugin_vm_id", "v", "text v"},
    {"kNodeId", "xds.node.id", "n", "text n"},
    {"kNodeCluster", "xds.node.cluster", "c", "text c"},
    {"kClusterName", "xds.cluster_name", "c", "text c"},
    {"kRouteName", "xds.route_name", "r", "text r"},
    {"kListenerDirection", "xds.listener_direction", bytesOf<int64_t>(1), "int64 1"},
    {"kRequestPath", "request.path", "/p?q", "text /p?q"},
    {"kRequestUrlPath", "request.url_path", "/p", "text /p"},
    {"kRequestQuery", "request.query", "q", "text q"},
    {"kRequestHost", "request.host", "h", "text h"},
    {"kRequestScheme", "request.scheme", "https", "text https"},
    {"kRequestMethod", "request.method", "PUT", "text PUT"},
    {"kRequestProtocol", "request.protocol", "HTTP/2", "text HTTP/2"},
    {"kRequestId", "request.id", "i", "text i"},
    {"kRequestUserAgent", "request.useragent", "u", "text u"},
    {"kRequestReferer", "request.referer", "r", "text r"},
    {"kRequestHeaders", "request.headers", kMap, "map k=vv"},
    {"kRequestTime", "request.time", bytesOf<int64_t>(1'700'000'000'000'000'001), "timestamp 1700000000000000001"},
    {"kRequestDuration", "request.duration", bytesOf<int64_t>(-5), "duration -5"},
    {"kRequestSize", "request.size", bytesOf<int64_t>(7), "int64 7"},
    {"kRequestTotalSize", "request.total_size", bytesOf<int64_t>(8), "int64 8"},
    {"kResponseCode", "response.code", bytesOf<int64_t>(404), "int64 404"},
    {"kResponseCodeDetails", "response.code_details", "d", "text d"},
    {"kResponseFlags", "response.flags", bytesOf<int64_t>(16), "int64 16"},
    {"kResponseGrpcStatus", "response.grpc_status", bytesOf<int64_t>(7), "int64 7"},
    {"kResponseHeaders", "response.headers", kMap, "map k=vv"},
    {"kResponseTrailers", "response.trailers", kMap, "map k=vv"},
    {"kResponseSize", "response.size", bytesOf<int64_t>(INT64_MIN), "int64 -9223372036854775808"},
    {"kResponseTotalSize", "response.total_size", bytesOf<int64_t>(9), "int64 9"},
    {"kSourceAddress", "source.address", "1.2.3.4:5", "text 1.2.3.4:5"},
    {"kSourcePort", "source.port", bytesOf<int64_t>(5), "int64 5"},
    {"kDestinationAddress", "destination.address", "1.2.3.4:6", "text 1.2.3.4:6"},
    {"kDestinationPort", "destination.port", bytesOf<int64_t>(6), "int64 6"},
    {"kConnectionId", "connection.id", bytesOf<uint64_t>(UINT64_MAX), "uint64 18446744073709551615"},
    {"kConnectionMtls", "connection.mtls", "\1", "bool true"},
    {"kConnectionTlsVersion", "connection.tls_version", "TLSv1.3", "text TLSv1.3"},
    {"kConnectionRequestedServerName", "connection.requested_server_name", "s", "text s"},
    {"kConnectionSubjectPeerCertificate", "connection.subject_peer_certificate", "s", "text s"},
    {"kConnectionDnsSanPeerCertificate", "connection.dns_san_peer_certificate", "d", "text d"},
    {"kConnectionUriSanPeerCertificate", "connection.uri_san_peer_certificate", "u", "text u"},
    {"kConnectionSha256PeerCertificateDigest", "connection.sha256_peer_certificate_digest", "d", "text d"},
    {"kUpstreamAddress", "upstream.address", "1.2.3.4:7", "text 1.2.3.4:7"},
    {"kUpstreamPort", "upstream.port", bytesOf<int64_t>(7), "int64 7"},
    {"kUpstreamLocalAddress", "upstream.local_address", "1.2.3.4:8", "text 1.2.3.4:8"},
    {"kUpstreamTlsVersion", "upstream.tls_version", "TLSv1.2", "text TLSv1.2"},
    {"kUpstreamTransportFailureReason", "upstream.transport_failure_reason", "t", "text t"},
    {"kOwnDouble", "own.double", bytesOf(-2.5), "double -2500/1000"},
    {"kOwnUnsigned", "own.unsigned", bytesOf<uint64_t>(3), "uint64 3"},
};

class Properties : public ScriptTest {};

TEST_F(Properties, EveryConstantHasItsPathAndType) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "getTypedProperty"}}));
  for (const auto& each : kCases) host().setProperty(each.path, each.bytes);
  send(get("/"));
  std::vector<std::string> expected;
  for (const auto& each : kCases) expected.push_back(each.constant + " = " + each.told);
  EXPECT_EQ(said(), expected);
}

TEST_F(Properties, WhatTheHostDoesNotKnowIsNotFound) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "getTypedProperty"}}));
  host().failHostcall("proxy_get_property", Status::NotFound);
  send(get("/"));
  std::vector<std::string> expected;
  for (const auto& each : kCases) expected.push_back(each.constant + ": NotFound");
  EXPECT_EQ(said(), expected);
}

TEST_F(Properties, AValueOfAnotherSizeIsAMismatch) {
  for (const size_t size : {0u, 2u, 4u, 7u, 9u, 100u}) {
    host().clearFaults();
    host().clearLogs();
    ASSERT_TRUE(startScript({{"onRequestHeaders", "getTypedProperty"}}));
    host().answerHostcall("proxy_get_property", std::string(size, '\1'));
    send(get("/"));
    std::vector<std::string> expected;
    for (const auto& each : kCases) {
      std::string told = ": ResultMismatch";
      if (each.told.starts_with("text")) told = " = text " + std::string(size, '\1');
      if (each.told.starts_with("map")) told = size == 0 ? " = map" : ": ParseFailure";
      expected.push_back(each.constant + told);
    }
    EXPECT_EQ(said(), expected) << size << " bytes";
  }
}

TEST_F(Properties, ABoolIsAnyByteButZero) {
  for (const auto& [byte, told] : {std::pair('\0', "bool false"), {'\1', "bool true"}, {'\xff', "bool true"}}) {
    ASSERT_TRUE(startScript({{"onRequestHeaders", "getTypedProperty", {"kConnectionMtls"}}}));
    host().setProperty("connection.mtls", std::string(1, byte));
    send(get("/"));
    EXPECT_EQ(said().back(), std::string("kConnectionMtls = ") + told);
  }
}

TEST_F(Properties, TheHostsOwnValuesFitTheTypes) {
  ASSERT_TRUE(startScript({{"onLog", "getTypedProperty"}}, {.name = "my plugin"}));
  send(get("/path?query", {{"user-agent", "test"}}), ok("body"));
  EXPECT_THAT(said(), Not(Contains(HasSubstr("ResultMismatch"))));
  EXPECT_THAT(said(), Not(Contains(HasSubstr("ParseFailure"))));
  EXPECT_THAT(said(), ::testing::IsSupersetOf({"kPluginName = text my plugin", "kRequestUrlPath = text /path",
                                               "kRequestQuery = text query", "kResponseCode = int64 200"}));
}

TEST_F(Properties, SegmentsMakeThePath) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "getProperty", {"request", "headers", "x-id"}},
                           {"onRequestHeaders", "getProperty", {"request", "method"}},
                           {"onRequestHeaders", "getProperty", {"plugin_name"}},
                           {"onRequestHeaders", "getProperty", {"no", "such", "thing"}},
                           {"onRequestHeaders", "getProperty", {}},
                           {"onRequestHeaders", "getProperty", {""}},
                           {"onRequestHeaders", "propertyPath"}},
                          {.name = "plugin"}));
  send(get("/", {{"x-id", "7"}}));
  EXPECT_THAT(said(),
              ElementsAre("getProperty = 7", "getProperty = GET", "getProperty = plugin", "getProperty: NotFound",
                          "getProperty: SerializationFailure", "getProperty: SerializationFailure",
                          std::string("propertyPath = request\0path", 27)));
}

TEST_F(Properties, WhatAFilterSetsItCanGet) {
  const std::string binary("\0\xff", 2);
  ASSERT_TRUE(startScript({{"onRequestHeaders", "setProperty", {binary, "mine"}},
                           {"onResponseHeaders", "getProperty", {"mine"}},
                           {"onRequestHeaders", "setProperty", {"", "nothing"}},
                           {"onResponseHeaders", "getProperty", {"nothing"}},
                           {"onRequestHeaders", "setProperty", {"value", "two", "segments"}}}));
  send(get("/"));
  EXPECT_EQ(said().at(0), "setProperty: Ok");
  EXPECT_THAT(said(), ::testing::IsSupersetOf({"getProperty = " + binary, std::string("getProperty = ")}));
}

TEST_F(Properties, AHostThatRefusesToSetIsAnError) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "setProperty", {"value", "mine"}}}));
  host().failHostcall("proxy_set_property", Status::BadArgument);
  send(get("/"));
  EXPECT_THAT(said(), ElementsAre("setProperty: BadArgument"));
}

TEST_F(Properties, LongValuesAndPathsFit) {
  const std::string longName(10'000, 'n');
  ASSERT_TRUE(startScript({{"onRequestHeaders", "setProperty", {std::string(100'000, 'v'), longName}},
                           {"onRequestHeaders", "getProperty", {longName}}}));
  send(get("/"));
  EXPECT_THAT(said(), ElementsAre("setProperty: Ok", "getProperty = " + std::string(100'000, 'v')));
}

}  // namespace
}  // namespace sluice::testing
