#include "sluice/context.h"

#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

namespace sluice {

Status RootContext::setTickPeriod(std::chrono::milliseconds period) const {
  if (period.count() < 0 || period.count() > UINT32_MAX) return Status::BadArgument;
  return abi::proxy_set_tick_period_milliseconds(static_cast<uint32_t>(period.count()));
}

Status RootContext::done() const {
  const internal::DeletionScope deletion;
  return abi::proxy_done();
}

Status HttpContext::continueStream(StreamType direction) {
  if (!paused(direction)) return Status::BadArgument;
  const internal::NestingScope nesting;
  const auto status = abi::proxy_continue_stream(direction);
  if (status == Status::Ok) paused(direction) = false;
  return status;
}

// A failed attempt counts, too: when a task could not refuse a request, the request must not go on.

Status HttpContext::closeStream(StreamType direction) {
  const internal::DeletionScope deletion;
  const auto status = abi::proxy_close_stream(direction);
  if (end_ != internal::StreamEnd::Done)
    end_ = status == Status::Ok ? internal::StreamEnd::Done : internal::StreamEnd::Tried;
  return status;
}

Status HttpContext::sendLocalResponse(const LocalResponse& response) {
  if (end_ == internal::StreamEnd::Done) return Status::BadArgument;
  end_ = internal::StreamEnd::Tried;
  const auto headers = internal::serialize(response.headers);
  if (headers.data == nullptr) return Status::InternalFailure;
  const internal::NestingScope nesting;
  const auto status = abi::proxy_send_local_response(response.status, response.details.data(), response.details.size(),
                                                     response.body.data(), response.body.size(), headers.data,
                                                     headers.size, response.grpcStatus);
  if (status == Status::Ok) end_ = internal::StreamEnd::Done;
  return status;
}

}  // namespace sluice
