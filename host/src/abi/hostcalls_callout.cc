// Hostcalls that concern other services.
#include "abi/hostcalls.h"
#include "abi/pairs.h"

namespace sluice::host {

namespace {

constexpr std::string_view kCall = "a call to another service";
constexpr std::string_view kMessage = "a message to a gRPC service";

/// What the record of a call takes, about: a list of headers takes several times its encoding.
uint64_t recordSize(std::string_view headers, std::string_view trailers, uint64_t other) {
  constexpr uint64_t kRecord = 512;
  constexpr uint64_t kPerEncodedByte = 6;
  return kRecord + kPerEncodedByte * (headers.size() + trailers.size()) + other;
}

}  // namespace

Status Hostcalls::record(Status status, uint64_t bytes) {
  if (status == Status::Ok) host_.recordedBytes += bytes;
  return status;
}

Status Hostcalls::proxy_get_status(Out<uint32_t> code, OutBytes message) {
  const Callouts* callouts = context_.callouts();
  if (callouts == nullptr) return Status::BadArgument;
  Status status = code.write(callouts->status().code);
  return status == Status::Ok ? message.write(callouts->status().message) : status;
}

Status Hostcalls::proxy_http_call(Bytes cluster, Bytes headers, Bytes body, Bytes trailers, uint32_t timeout,
                                  Out<uint32_t> id) {
  Callouts* callouts = context_.callouts();
  if (callouts == nullptr) return Status::BadArgument;
  // Check the id's address first: the host sends no call whose id it cannot return.
  if (Status status = id.write(0); status != Status::Ok) return status;
  const uint64_t size = recordSize(headers.view, trailers.view, cluster.view.size() + body.view.size());
  caller_.checkRoom(size, kCall);
  uint32_t number = 0;
  Status status = callouts->httpCall(cluster.view, decodePairs(headers.view), body.view, decodePairs(trailers.view),
                                     timeout, &number);
  return record(status, size) == Status::Ok ? id.write(number) : status;
}

Status Hostcalls::proxy_grpc_call(Bytes target, Bytes service, Bytes method, Bytes metadata, Bytes message,
                                  uint32_t timeout, Out<uint32_t> id) {
  Callouts* callouts = context_.callouts();
  if (callouts == nullptr) return Status::BadArgument;
  const uint64_t size = recordSize(metadata.view, {},
                                   target.view.size() + service.view.size() + method.view.size() + message.view.size());
  caller_.checkRoom(size, kCall);
  uint32_t number = 0;
  Status status = callouts->grpcCall(target.view,
                                     {.service = std::string(service.view),
                                      .method = std::string(method.view),
                                      .metadata = decodePairs(metadata.view),
                                      .message = std::string(message.view),
                                      .timeout = std::chrono::milliseconds(timeout)},
                                     &number);
  return record(status, size) == Status::Ok ? id.write(number) : status;
}

Status Hostcalls::proxy_grpc_stream(Bytes target, Bytes service, Bytes method, Bytes metadata, Out<uint32_t> id) {
  Callouts* callouts = context_.callouts();
  if (callouts == nullptr) return Status::BadArgument;
  const uint64_t size = recordSize(metadata.view, {}, target.view.size() + service.view.size() + method.view.size());
  caller_.checkRoom(size, kCall);
  uint32_t number = 0;
  Status status = callouts->grpcStream(target.view,
                                       {.service = std::string(service.view),
                                        .method = std::string(method.view),
                                        .metadata = decodePairs(metadata.view)},
                                       &number);
  return record(status, size) == Status::Ok ? id.write(number) : status;
}

Status Hostcalls::proxy_grpc_send(uint32_t id, Bytes message, uint32_t end) {
  Callouts* callouts = context_.callouts();
  if (callouts == nullptr) return Status::BadArgument;
  const uint64_t size = kept(message.view.size());
  caller_.checkRoom(size, kMessage);
  return record(callouts->grpcSend(id, message.view, end != 0), size);
}

Status Hostcalls::proxy_grpc_cancel(uint32_t id) {
  Callouts* callouts = context_.callouts();
  return callouts == nullptr ? Status::BadArgument : callouts->grpcCancel(id);
}

Status Hostcalls::proxy_grpc_close(uint32_t id) {
  Callouts* callouts = context_.callouts();
  return callouts == nullptr ? Status::BadArgument : callouts->grpcClose(id);
}

}  // namespace sluice::host
