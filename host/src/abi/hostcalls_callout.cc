// Hostcalls that concern other services.
#include "abi/hostcalls.h"
#include "abi/pairs.h"

namespace sluice::host {

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
  uint32_t number = 0;
  Status status = callouts->httpCall(cluster.view, decodePairs(headers.view), body.view, decodePairs(trailers.view),
                                     timeout, &number);
  return status == Status::Ok ? id.write(number) : status;
}

Status Hostcalls::proxy_grpc_call(Bytes target, Bytes service, Bytes method, Bytes metadata, Bytes message,
                                  uint32_t timeout, Out<uint32_t> id) {
  Callouts* callouts = context_.callouts();
  if (callouts == nullptr) return Status::BadArgument;
  uint32_t number = 0;
  Status status = callouts->grpcCall(target.view,
                                     {.service = std::string(service.view),
                                      .method = std::string(method.view),
                                      .metadata = decodePairs(metadata.view),
                                      .message = std::string(message.view),
                                      .timeout = std::chrono::milliseconds(timeout)},
                                     &number);
  return status == Status::Ok ? id.write(number) : status;
}

Status Hostcalls::proxy_grpc_stream(Bytes target, Bytes service, Bytes method, Bytes metadata, Out<uint32_t> id) {
  Callouts* callouts = context_.callouts();
  if (callouts == nullptr) return Status::BadArgument;
  uint32_t number = 0;
  Status status = callouts->grpcStream(target.view,
                                       {.service = std::string(service.view),
                                        .method = std::string(method.view),
                                        .metadata = decodePairs(metadata.view)},
                                       &number);
  return status == Status::Ok ? id.write(number) : status;
}

Status Hostcalls::proxy_grpc_send(uint32_t id, Bytes message, uint32_t end) {
  Callouts* callouts = context_.callouts();
  return callouts == nullptr ? Status::BadArgument : callouts->grpcSend(id, message.view, end != 0);
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
