// All calls of one root context to other services, and the maps and buffers of their replies.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "abi/context.h"
#include "calls/grpc_calls.h"
#include "calls/http_calls.h"
#include "sluice/host/grpc_call.h"

namespace sluice::host {

class RootCallouts final : public Callouts {
 public:
  RootCallouts(Context& root, const CallEnvironment& environment)
      : http_(root, environment, status_), grpc_(root, environment, status_) {}

  Status httpCall(std::string_view cluster, const Headers& headers, std::string_view body, const Headers& trailers,
                  uint32_t timeoutMilliseconds, uint32_t* id) override {
    return http_.call(cluster, headers, body, trailers, timeoutMilliseconds, id);
  }
  Status grpcCall(std::string_view target, GrpcCall call, uint32_t* id) override {
    return grpc_.call(target, std::move(call), id);
  }
  Status grpcStream(std::string_view target, GrpcCall call, uint32_t* id) override {
    return grpc_.open(target, std::move(call), id);
  }
  Status grpcSend(uint32_t id, std::string_view message, bool end) override { return grpc_.send(id, message, end); }
  Status grpcCancel(uint32_t id) override { return grpc_.cancel(id); }
  Status grpcClose(uint32_t id) override { return grpc_.close(id); }
  [[nodiscard]] const CallStatus& status() const override { return status_; }

  /// The ids of the HTTP calls that wait for their replies.
  [[nodiscard]] std::vector<uint32_t> pendingHttpCalls() const { return http_.pending(); }
  /// The ids of the gRPC calls and streams that have not ended.
  [[nodiscard]] std::vector<uint32_t> pendingGrpcCalls() const { return grpc_.pending(); }

  /// Drops all calls without calling the guest, when the root context is deleted.
  void cancelAll() {
    http_.cancelAll();
    grpc_.cancelAll();
  }

  /// A map or buffer of the reply that the running callback delivers; null or None for other types.
  [[nodiscard]] const HeaderMap* map(MapType type) const {
    switch (type) {
      case MapType::HttpCallResponseHeaders:
        return http_.headers();
      case MapType::HttpCallResponseTrailers:
        return http_.trailers();
      case MapType::GrpcCallInitialMetadata:
        return grpc_.initialMetadata();
      case MapType::GrpcCallTrailingMetadata:
        return grpc_.trailingMetadata();
      default:
        return nullptr;
    }
  }
  BufferView buffer(BufferType type) {
    if (type == BufferType::HttpCallResponseBody && http_.body() != nullptr) {
      return {BufferView::Kind::Constant, *http_.body()};
    }
    if (type == BufferType::GrpcCallMessage) {
      if (grpc_.message() == nullptr) return {BufferView::Kind::Absent};
      return {BufferView::Kind::Body, {}, grpc_.message()};
    }
    return {};
  }

 private:
  CallStatus status_;
  HttpCalls http_;
  GrpcCalls grpc_;
};

}  // namespace sluice::host
