#include "sluice/context.h"

#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

namespace sluice {

Status RootContext::setTickPeriod(std::chrono::milliseconds period) const {
  if (period.count() < 0 || period.count() > UINT32_MAX) return Status::BadArgument;
  return abi::proxy_set_tick_period_milliseconds(static_cast<uint32_t>(period.count()));
}

Status RootContext::done() const {
  const internal::NestingScope nesting;
  return abi::proxy_done();
}

Status ContextBase::continueStream(StreamType type, bool& paused) {
  using enum internal::StreamEnd;
  // A local response passes the response callbacks, which may pause it.
  if (!paused || end_ > (type == StreamType::HttpResponse ? Answered : Tried)) return Status::BadArgument;
  const internal::NestingScope nesting;
  // Set before the hostcall: during the call the host may deliver the held bytes, and the callback may hold them back
  // again.
  paused = false;
  const auto status = abi::proxy_continue_stream(type);
  if (status != Status::Ok)
    paused = true;
  else if (type == StreamType::HttpResponse)
    internal::noteContinued(this);
  return status;
}

// A hostcall that ends the stream is noted before it is made: during the call the host may call the stream's other
// callbacks. A failed one is noted, too: when a task could not refuse a request, the request must not go on.

Status ContextBase::closeStream(StreamType type) {
  using enum internal::StreamEnd;
  if (end_ >= Answered || internal::wasContinued(this)) return Status::BadArgument;
  const internal::NestingScope nesting;
  end_ = Closed;
  const auto status = abi::proxy_close_stream(type);
  if (status != Status::Ok && end_ == Closed) end_ = Tried;
  return status;
}

Status internal::sendLocalResponse(HttpContext& stream, const LocalResponse& response) {
  using enum StreamEnd;
  auto& end = stream.end_;
  if (end >= Answered || wasContinued(&stream)) return Status::BadArgument;
  end = Answered;
  auto status = Status::InternalFailure;
  if (const auto headers = serialize(response.headers); headers.data != nullptr) {
    const NestingScope nesting;
    status = abi::proxy_send_local_response(response.status, response.details.data(), response.details.size(),
                                            response.body.data(), response.body.size(), headers.data, headers.size,
                                            response.grpcStatus);
  }
  if (status != Status::Ok && end == Answered) end = Tried;
  return status;
}

}  // namespace sluice
