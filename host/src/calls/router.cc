#include "calls/router.h"

#include <openssl/evp.h>

#include <string>

#include "abi/number.h"
#include "wire/message_check.h"

namespace sluice::host {
namespace {

constexpr std::string_view kTimeoutHeader = "x-envoy-upstream-rq-timeout-ms";

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // EVP_EncodeBlock writes a terminating zero.
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  text.pop_back();
  return text;
}

/// A timeout in gRPC's notation: at most eight digits and a unit.
std::string grpcTimeout(std::chrono::milliseconds timeout) {
  constexpr int64_t kMost = 99'999'999;
  int64_t value = timeout.count();
  if (value <= kMost) return std::to_string(value) + "m";
  value /= 1000;
  if (value <= kMost) return std::to_string(value) + "S";
  return std::to_string(value / 60) + "M";
}

void addRouterHeaders(HeaderMap& request, std::chrono::milliseconds timeout) {
  request.set("x-envoy-internal", "true");
  if (timeout.count() > 0) request.set("x-envoy-expected-rq-timeout-ms", std::to_string(timeout.count()));
}

}  // namespace

std::chrono::milliseconds routeRequest(HeaderMap& request, std::chrono::milliseconds timeout) {
  if (const auto said = request.get(kTimeoutHeader)) {
    if (const auto value = wholeNumber<int64_t>(*said); value && *value >= 0)
      timeout = std::chrono::milliseconds(*value);
    request.remove(kTimeoutHeader);
  }
  addRouterHeaders(request, timeout);
  if (!request.get("content-length") && !request.get("transfer-encoding") &&
      !isBodiless(request.get(":method").value_or(""))) {
    request.set("content-length", "0");
  }
  return timeout;
}

void routeResponse(Headers& headers, uint64_t since, uint64_t now) {
  constexpr uint64_t kMillisecond = 1'000'000;
  headers.emplace_back("x-envoy-upstream-service-time", std::to_string((now - since) / kMillisecond));
}

Headers grpcRequestHeaders(const GrpcCall& call) {
  HeaderMap map(MapKind::Request, true);
  map.add("te", "trailers");
  if (!call.stream) map.add("grpc-timeout", grpcTimeout(call.timeout));
  map.add("content-type", "application/grpc");
  Headers binary;
  const HeaderMap given(MapKind::Request, true, call.metadata);  // Its names are lower-case.
  for (const auto& [name, value] : given.entries()) {
    if (name.ends_with("-bin")) {
      binary.emplace_back(name, base64(value));
    } else if (!name.starts_with(':')) {
      map.add(name, value);
    }
  }
  for (const auto& [name, value] : binary) map.add(name, value);
  addRouterHeaders(map, call.timeout);
  return map.entries();
}

}  // namespace sluice::host
