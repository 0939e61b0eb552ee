// Hostcalls that concern other services.
#include "hostcalls.h"
#include "root_context.h"

namespace sluice::host {

Status Hostcalls::proxy_get_status(Out<uint32_t> code, OutBytes message) {
  RootContext* root = context_.root();
  if (root == nullptr) return Status::BadArgument;
  Status status = code.write(root->statusCode);
  return status == Status::Ok ? message.write(root->statusMessage) : status;
}

Status Hostcalls::proxy_http_call(Bytes, Bytes, Bytes, Bytes, uint32_t, Out<uint32_t>) { return Status::BadArgument; }
Status Hostcalls::proxy_grpc_call(Bytes, Bytes, Bytes, Bytes, Bytes, uint32_t, Out<uint32_t>) {
  return Status::ParseFailure;
}
Status Hostcalls::proxy_grpc_stream(Bytes, Bytes, Bytes, Bytes, Out<uint32_t>) { return Status::ParseFailure; }
Status Hostcalls::proxy_grpc_send(uint32_t, Bytes, uint32_t) { return Status::NotFound; }
Status Hostcalls::proxy_grpc_cancel(uint32_t) { return Status::NotFound; }
Status Hostcalls::proxy_grpc_close(uint32_t) { return Status::NotFound; }

}  // namespace sluice::host
