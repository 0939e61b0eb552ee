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

Status HttpContext::continueStream(StreamType type, int8_t& paused) {
  // See notePause() in dispatch.cc.
  if (paused == 0 || paused == static_cast<int8_t>(FilterHeadersStatus::ContinueAndEndStream))
    return Status::BadArgument;
  const internal::NestingScope nesting;
  const auto status = abi::proxy_continue_stream(type);
  if (status == Status::Ok) paused = 0;
  return status;
}

// `ended_` also says that the filter has tried: a task that could not refuse a request must not let it go on.
static constexpr int16_t kEnded = 1;
static constexpr int16_t kTriedToEnd = 2;

Status HttpContext::closeStream(StreamType type) {
  const internal::DeletionScope deletion;
  const auto status = abi::proxy_close_stream(type);
  if (ended_ != kEnded) ended_ = status == Status::Ok ? kEnded : kTriedToEnd;
  return status;
}

Status HttpContext::sendLocalResponse(uint32_t status, std::string_view body, HeaderSpan headers,
                                      std::string_view details, GrpcStatus grpcStatus) {
  if (ended_ == kEnded) return Status::BadArgument;
  ended_ = kTriedToEnd;
  const auto pairs = internal::serialize(headers);
  if (pairs.data == nullptr) return Status::InternalFailure;
  const internal::NestingScope nesting;
  const auto result = abi::proxy_send_local_response(status, details.data(), details.size(), body.data(), body.size(),
                                                     pairs.data, pairs.size, grpcStatus);
  if (result == Status::Ok) ended_ = kEnded;
  return result;
}

}  // namespace sluice
