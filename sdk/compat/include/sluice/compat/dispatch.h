// From the SDK's callbacks to the filter's objects.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "proxy_wasm_enums.h"
#include "sluice/abi.h"

class ContextBase;
class RootContext;
class Context;

namespace sluice_compat {

/// What one RegisterContextFactory registers. Either function may be null.
struct Factories {
  std::string_view rootId;
  std::unique_ptr<::Context> (*createContext)(const Factories&, uint32_t id, ::RootContext* root) = nullptr;
  std::unique_ptr<::RootContext> (*createRoot)(const Factories&, uint32_t id, std::string_view rootId) = nullptr;
  const Factories* next = nullptr;
};

/// The callbacks that the SDK's own Dispatch does not have, and the contexts of filters written for the existing SDK.
class Dispatch {
 public:
  /// The latest for a root_id wins. A root_id that nobody has registered gets contexts that do nothing.
  static void add(Factories& factories);

  static uint32_t onValidateConfiguration(uint32_t id, size_t size);
  static void onForeignFunction(uint32_t id, uint32_t function, size_t size);

  static FilterStatus onNewConnection(uint32_t id);
  static FilterStatus onDownstreamData(uint32_t id, size_t size, uint32_t endOfStream);
  static FilterStatus onUpstreamData(uint32_t id, size_t size, uint32_t endOfStream);
  static void onDownstreamConnectionClose(uint32_t id, sluice::PeerType peer);
  static void onUpstreamConnectionClose(uint32_t id, sluice::PeerType peer);

  static void onHttpCallResponse(uint32_t id, uint32_t token, uint32_t headers, size_t bodySize, uint32_t trailers);
  static void onGrpcReceiveInitialMetadata(uint32_t id, uint32_t token, uint32_t elements);
  static void onGrpcReceiveTrailingMetadata(uint32_t id, uint32_t token, uint32_t elements);
  static void onGrpcReceive(uint32_t id, uint32_t token, size_t size);
  static void onGrpcClose(uint32_t id, uint32_t token, sluice::GrpcStatus status);
};

}  // namespace sluice_compat
