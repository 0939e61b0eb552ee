// Hostcalls that concern other services.
#include "abi/hostcalls.h"
#include "abi/pairs.h"
#include "root_context.h"

namespace sluice::host {

Status Hostcalls::proxy_get_status(Out<uint32_t> code, OutBytes message) {
  RootContext* root = context_.root();
  if (root == nullptr) return Status::BadArgument;
  Status status = code.write(root->statusCode);
  return status == Status::Ok ? message.write(root->statusMessage) : status;
}

Status Hostcalls::proxy_http_call(Bytes cluster, Bytes headers, Bytes body, Bytes trailers, uint32_t timeout,
                                  Out<uint32_t> id) {
  RootContext* root = context_.root();
  if (root == nullptr) return Status::BadArgument;
  // Nothing is sent unless the guest can be told the id.
  if (Status status = id.write(0); status != Status::Ok) return status;
  uint32_t number = 0;
  Status status =
      root->httpCall(cluster.view, decodePairs(headers.view), body.view, decodePairs(trailers.view), timeout, &number);
  return status == Status::Ok ? id.write(number) : status;
}

Status Hostcalls::proxy_grpc_call(Bytes target, Bytes service, Bytes method, Bytes metadata, Bytes message,
                                  uint32_t timeout, Out<uint32_t> id) {
  RootContext* root = context_.root();
  if (root == nullptr) return Status::BadArgument;
  uint32_t number = 0;
  Status status = root->grpc().call(target.view,
                                    {.service = std::string(service.view),
                                     .method = std::string(method.view),
                                     .metadata = decodePairs(metadata.view),
                                     .message = std::string(message.view),
                                     .timeout = std::chrono::milliseconds(timeout)},
                                    &number);
  return status == Status::Ok ? id.write(number) : status;
}

Status Hostcalls::proxy_grpc_stream(Bytes target, Bytes service, Bytes method, Bytes metadata, Out<uint32_t> id) {
  RootContext* root = context_.root();
  if (root == nullptr) return Status::BadArgument;
  uint32_t number = 0;
  Status status = root->grpc().open(target.view,
                                    {.service = std::string(service.view),
                                     .method = std::string(method.view),
                                     .metadata = decodePairs(metadata.view)},
                                    &number);
  return status == Status::Ok ? id.write(number) : status;
}

Status Hostcalls::proxy_grpc_send(uint32_t id, Bytes message, uint32_t end) {
  return context_.root() == nullptr ? Status::BadArgument : context_.root()->grpc().send(id, message.view, end != 0);
}

Status Hostcalls::proxy_grpc_cancel(uint32_t id) {
  return context_.root() == nullptr ? Status::BadArgument : context_.root()->grpc().cancel(id);
}

Status Hostcalls::proxy_grpc_close(uint32_t id) {
  return context_.root() == nullptr ? Status::BadArgument : context_.root()->grpc().close(id);
}

}  // namespace sluice::host
