// Helpers of gRPC calls and streams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#if __has_include(<coroutine>)
#include <coroutine>
#endif

#include "sluice/abi.h"
#include "sluice/internal/runtime.h"
#include "sluice/result.h"

namespace sluice {

class GrpcTarget;
template <class T>
struct GrpcCodec;

namespace internal {

/// The bytes that the host expects for `target`. Null data when memory is exhausted.
HostData serialize(const GrpcTarget& target);

/// The message of the current callback; NotFound unless it is the delivery with this number.
Result<std::string_view> grpcMessage(uint32_t delivery, size_t size);

/// Parses the bytes of a message as a T.
template <class T>
Result<T> parseGrpc(const Result<std::string_view>& bytes) {
  if (!bytes) return bytes.status();
  T message{};
  const auto status = GrpcCodec<T>::parse(*bytes, message);
  if (status != Status::Ok) return status;
  return message;
}

#if __has_include(<coroutine>)

/// Waits for the next message of a GrpcReader.
template <class Reader>
class NextMessage {
 public:
  explicit NextMessage(Reader& reader) : reader_(&reader) {}
  NextMessage(const NextMessage&) = delete;
  NextMessage& operator=(const NextMessage&) = delete;
  ~NextMessage() {
    if (reader_ != nullptr && reader_->waiting_ == this) reader_->waiting_ = nullptr;
  }

  [[nodiscard]] bool await_ready() const {
    return reader_->waiting_ != nullptr || !reader_->messages_.empty() || !reader_->isOpen();
  }
  void await_suspend(std::coroutine_handle<> task) {
    task_ = task;
    reader_->waiting_ = this;
  }
  auto await_resume() { return reader_->take(); }

 private:
  friend Reader;
  Reader* reader_;  // null after it was destroyed; the task then waits until its context is deleted
  std::coroutine_handle<> task_;
};

#endif

}  // namespace internal
}  // namespace sluice
