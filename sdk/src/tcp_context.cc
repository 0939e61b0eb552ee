#include "sluice/tcp_context.h"

#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

namespace sluice {

Status TcpContext::continueStream(StreamType type, bool& paused) {
  if (!paused || closed_) return Status::BadArgument;
  const internal::NestingScope nesting;
  // Set before the hostcall: during the call the host may deliver the held bytes, and the callback may hold them back
  // again.
  paused = false;
  const auto status = abi::proxy_continue_stream(type);
  if (status != Status::Ok) paused = true;
  return status;
}

Status TcpContext::closeStream(StreamType type) {
  const internal::DeletionScope deletion;
  const bool before = closed_;
  closed_ = true;
  const auto status = abi::proxy_close_stream(type);
  if (status != Status::Ok) closed_ = before;
  return status;
}

}  // namespace sluice
