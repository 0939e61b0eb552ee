#include "steps.h"

using namespace sluice;

namespace script {

namespace {

// `type value`, so that a test sees the constant's type.
std::string describe(std::string_view value) { return "text " + std::string(value); }
std::string describe(bool value) { return value ? "bool true" : "bool false"; }
std::string describe(int64_t value) { return "int64 " + std::to_string(value); }
std::string describe(uint64_t value) { return "uint64 " + std::to_string(value); }
std::string describe(double value) { return "double " + std::to_string(static_cast<int64_t>(value * 1000)) + "/1000"; }
std::string describe(Timestamp value) { return "timestamp " + std::to_string(value.time_since_epoch().count()); }
std::string describe(Duration value) { return "duration " + std::to_string(value.count()); }
std::string describe(const HeaderPairs& value) {
  std::string text = "map";
  for (const auto header : value) text.append(" ").append(header.name).append("=").append(header.value);
  return text;
}

template <class T>
void get(std::string_view constant, const Property<T>& property) {
  const auto value = getProperty(property);
  if (value.ok())
    logInfo(constant, " = ", describe(*value));
  else
    logInfo(constant, ": ", value.status());
}

// clang-format off: it would reformat the macro list on every run
#define SCRIPT_PROPERTIES(X)                                                                                           \
  X(kPluginName)                                                                                                       \
  X(kPluginRootId) X(kPluginVmId) X(kNodeId) X(kNodeCluster) X(kClusterName) X(kRouteName) X(kListenerDirection)       \
      X(kRequestPath) X(kRequestUrlPath) X(kRequestQuery) X(kRequestHost) X(kRequestScheme) X(kRequestMethod)          \
          X(kRequestProtocol) X(kRequestId) X(kRequestUserAgent) X(kRequestReferer) X(kRequestHeaders) X(kRequestTime) \
              X(kRequestDuration) X(kRequestSize) X(kRequestTotalSize) X(kResponseCode) X(kResponseCodeDetails)        \
                  X(kResponseFlags) X(kResponseGrpcStatus) X(kResponseHeaders) X(kResponseTrailers) X(kResponseSize)   \
                      X(kResponseTotalSize) X(kSourceAddress) X(kSourcePort) X(kDestinationAddress)                    \
                          X(kDestinationPort) X(kConnectionId) X(kConnectionMtls) X(kConnectionTlsVersion)             \
                              X(kConnectionRequestedServerName) X(kConnectionSubjectPeerCertificate)                   \
                                  X(kConnectionDnsSanPeerCertificate) X(kConnectionUriSanPeerCertificate)              \
                                      X(kConnectionSha256PeerCertificateDigest) X(kUpstreamAddress) X(kUpstreamPort)   \
                                          X(kUpstreamLocalAddress) X(kUpstreamTlsVersion)                              \
                                              X(kUpstreamTransportFailureReason)
// clang-format on

constexpr Property<double> kOwnDouble("own\0double");
constexpr Property<uint64_t> kOwnUnsigned("own\0unsigned");

// Reads the property `wanted`, or all properties when it is empty.
bool getTyped(std::string_view wanted) {
  bool found = wanted.empty();
#define SCRIPT_GET(constant)                   \
  if (wanted.empty() || wanted == #constant) { \
    get(#constant, property::constant);        \
    found = true;                              \
  }
  SCRIPT_PROPERTIES(SCRIPT_GET)
#undef SCRIPT_GET
  if (wanted.empty() || wanted == "kOwnDouble") {
    get("kOwnDouble", kOwnDouble);
    found = true;
  }
  if (wanted.empty() || wanted == "kOwnUnsigned") {
    get("kOwnUnsigned", kOwnUnsigned);
    found = true;
  }
  return found;
}

}  // namespace

bool callProperty(const Call& call) {
  if (call.function == "getProperty") {
    switch (call.arguments.size()) {
      case 0:
        call.report(getProperty({}));
        break;
      case 1:
        call.report(getProperty({call.text(0)}));
        break;
      case 2:
        call.report(getProperty({call.text(0), call.text(1)}));
        break;
      default:
        call.report(getProperty({call.text(0), call.text(1), call.text(2)}));
        break;
    }
  } else if (call.function == "getTypedProperty") {
    if (!getTyped(call.text(0))) logError("no such property: ", call.text(0));
  } else if (call.function == "setProperty") {
    call.report(call.arguments.size() < 3 ? setProperty({call.text(1)}, call.text(0))
                                          : setProperty({call.text(1), call.text(2)}, call.text(0)));
  } else if (call.function == "propertyPath") {
    call.reportValue(property::kRequestPath.path());
  } else {
    return false;
  }
  return true;
}

}  // namespace script
