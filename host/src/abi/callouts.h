// The calls to other services that hostcalls make.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/host/grpc.h"
#include "sluice/host/grpc_call.h"
#include "sluice/host/message.h"

namespace sluice::host {

/// The result of proxy_get_status: how the last HTTP call failed, or how the last gRPC call ended.
struct CallStatus {
  uint32_t code = 0;
  std::string message;
};

/// The calls of one root context. Its callbacks get the replies.
class Callouts {
 public:
  virtual ~Callouts() = default;

  virtual Status httpCall(std::string_view cluster, const Headers& headers, std::string_view body,
                          const Headers& trailers, uint32_t timeoutMilliseconds, uint32_t* id) = 0;
  virtual Status grpcCall(std::string_view target, GrpcCall call, uint32_t* id) = 0;
  virtual Status grpcStream(std::string_view target, GrpcCall call, uint32_t* id) = 0;
  virtual Status grpcSend(uint32_t id, std::string_view message, bool end) = 0;
  virtual Status grpcCancel(uint32_t id) = 0;
  virtual Status grpcClose(uint32_t id) = 0;
  [[nodiscard]] virtual const CallStatus& status() const = 0;
};

}  // namespace sluice::host
