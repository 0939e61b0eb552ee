// Passes the SDK's callbacks to the filter's objects.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "proxy_wasm_enums.h"
#include "sluice/abi.h"
#include "sluice/internal/callbacks.h"

class ContextBase;
class RootContext;
class Context;

namespace sluice_compat {

/// The registration of one RegisterContextFactory. Either function may be null.
struct Factories {
  std::string_view rootId;
  std::unique_ptr<::Context> (*createContext)(const Factories&, uint32_t id, ::RootContext* root) = nullptr;
  std::unique_ptr<::RootContext> (*createRoot)(const Factories&, uint32_t id, std::string_view rootId) = nullptr;
  const Factories* next = nullptr;
};

/// The registrations of filters written for the existing SDK.
class Dispatch {
 public:
  /// The latest registration for a root_id is used. A root_id without a registration gets contexts that do nothing.
  static void add(Factories& factories);

  /// proxy_on_foreign_function, for a context of any kind.
  static void onForeignFunction(uint32_t id, uint32_t function, size_t size);

  // The receivers of callbacks that do not go through the SDK's own contexts; see sluice::internal::Dispatch.
  struct ToRoot {
    using Context = ::RootContext;
    static Context* begin(uint32_t id);
    static uint32_t end(Context&, uint32_t result) { return result; }
  };
  struct ToStream {
    using Context = ::Context;
    static Context* begin(uint32_t id);
    static FilterStatus end(Context&, FilterStatus status) { return status; }
  };
};

// Callbacks that filters for the existing SDK can override and Sluice's own API does not have.
namespace callback {
struct DoneBase {
  using To = Dispatch::ToRoot;
  SLUICE_INTERNAL_CALLBACK_NAMES(proxy_on_done, onDoneBase)
};
struct ValidateConfiguration {
  using To = Dispatch::ToRoot;
  SLUICE_INTERNAL_CALLBACK_NAMES(proxy_validate_configuration, validateConfiguration)
};
struct HttpCallResponse {
  using To = Dispatch::ToRoot;
  SLUICE_INTERNAL_CALLBACK_NAMES(proxy_on_http_call_response, onHttpCallResponse)
};
struct GrpcReceiveInitialMetadata {
  using To = Dispatch::ToRoot;
  SLUICE_INTERNAL_CALLBACK_NAMES(proxy_on_grpc_receive_initial_metadata, onGrpcReceiveInitialMetadata)
};
struct GrpcReceiveTrailingMetadata {
  using To = Dispatch::ToRoot;
  SLUICE_INTERNAL_CALLBACK_NAMES(proxy_on_grpc_receive_trailing_metadata, onGrpcReceiveTrailingMetadata)
};
struct GrpcReceive {
  using To = Dispatch::ToRoot;
  SLUICE_INTERNAL_CALLBACK_NAMES(proxy_on_grpc_receive, onGrpcReceive)
};
struct GrpcClose {
  using To = Dispatch::ToRoot;
  SLUICE_INTERNAL_CALLBACK_NAMES(proxy_on_grpc_close, onGrpcClose)
};
}  // namespace callback

}  // namespace sluice_compat
