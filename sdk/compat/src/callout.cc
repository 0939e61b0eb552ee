#include "sluice/compat/callout.h"

#include <utility>

#include "sluice/compat/context.h"

namespace sluice_compat {

namespace {

class HttpCall : public Call {
 public:
  explicit HttpCall(HttpCallCallback callback) : callback_(std::move(callback)) {}

 private:
  void httpReply(uint32_t headers, size_t bodySize, uint32_t trailers) override {
    if (callback_) callback_(headers, bodySize, trailers);
  }
  HttpCallCallback callback_;
};

class SimpleCall : public Call {
 public:
  explicit SimpleCall(GrpcSimpleCallCallback callback) : callback_(std::move(callback)) {}

 private:
  void grpcReply(size_t size) override { grpcAnswer(GrpcStatus::Ok, size); }
  void grpcEnd(GrpcStatus status) override { grpcAnswer(status, 0); }
  void grpcAnswer(GrpcStatus status, size_t size) {
    if (callback_) callback_(status, size);
  }
  GrpcSimpleCallCallback callback_;
};

}  // namespace

Calls::~Calls() {
  while (first_ != nullptr) remove(first_);
}

void Calls::add(std::unique_ptr<Call> call, uint32_t token) {
  call->token_ = token;
  call->next_ = first_;
  first_ = call.release();
}

Call* Calls::find(bool isHttp, uint32_t token) const {
  Call* call = first_;
  while (call != nullptr && (call->token_ != token || call->isHttp_ != isHttp)) call = call->next_;
  return call;
}

bool Calls::has(const Call* call) const {
  const Call* listed = first_;
  while (listed != nullptr && listed != call) listed = listed->next_;
  return listed != nullptr;
}

std::unique_ptr<Call> Calls::remove(const Call* call) {
  for (Call** link = &first_; *link != nullptr; link = &(*link)->next_) {
    if (*link != call) continue;
    std::unique_ptr<Call> removed(*link);
    *link = removed->next_;
    return removed;
  }
  return nullptr;
}

WasmResult Calls::http(std::string_view uri, const HeaderStringPairs& headers, std::string_view body,
                       const HeaderStringPairs& trailers, uint32_t timeout, HttpCallCallback callback) {
  uint32_t token = 0;
  const auto result = makeHttpCall(uri, headers, body, trailers, timeout, &token);
  if (result != WasmResult::Ok) return result;
  auto call = std::make_unique<HttpCall>(std::move(callback));
  call->isHttp_ = true;
  add(std::move(call), token);
  return result;
}

WasmResult Calls::grpcSimple(std::string_view service, std::string_view serviceName, std::string_view method,
                             const HeaderStringPairs& metadata, std::string_view request, uint32_t timeout,
                             GrpcSimpleCallCallback callback) {
  return grpcCall(service, serviceName, method, metadata, request, timeout,
                  std::make_unique<SimpleCall>(std::move(callback)));
}

WasmResult Calls::grpcCall(std::string_view service, std::string_view serviceName, std::string_view method,
                           const HeaderStringPairs& metadata, std::string_view request, uint32_t timeout,
                           std::unique_ptr<Call> handler) {
  uint32_t token = 0;
  const auto result = ::grpcCall(service, serviceName, method, metadata, request, timeout, &token);
  if (result == WasmResult::Ok) add(std::move(handler), token);
  return result;
}

WasmResult Calls::grpcStream(std::string_view service, std::string_view serviceName, std::string_view method,
                             const HeaderStringPairs& metadata, std::unique_ptr<Call> handler) {
  uint32_t token = 0;
  const auto result = ::grpcStream(service, serviceName, method, metadata, &token);
  if (result != WasmResult::Ok) return result;
  handler->isStream_ = true;
  add(std::move(handler), token);
  return result;
}

// A call gets only one reply: the call is removed from the list before its handler runs, so that a second reply finds
// no call.

void Calls::httpReply(uint32_t token, uint32_t headers, size_t bodySize, uint32_t trailers) {
  if (const auto call = remove(find(true, token))) call->httpReply(headers, bodySize, trailers);
}

void Calls::grpcInitialMetadata(uint32_t token, uint32_t elements) {
  if (auto* call = find(false, token)) call->grpcInitialMetadata(elements);
}

void Calls::grpcTrailingMetadata(uint32_t token, uint32_t elements) {
  if (auto* call = find(false, token)) call->grpcTrailingMetadata(elements);
}

void Calls::grpcMessage(uint32_t token, size_t size) {
  auto* call = find(false, token);
  if (call == nullptr) return;
  if (call->isStream_) return call->grpcReply(size);
  remove(call)->grpcReply(size);
}

void Calls::grpcClose(uint32_t token, GrpcStatus status) {
  auto* call = find(false, token);
  if (call == nullptr) return;
  if (call->isStream_) return call->grpcEnd(status);
  remove(call)->grpcEnd(status);
}

}  // namespace sluice_compat

void GrpcCallHandlerBase::cancel() {
  auto* const context = context_;
  grpcCancel(token_);
  if (context != nullptr) context->calls_.remove(this);
}

void GrpcStreamHandlerBase::reset() {
  auto* const context = context_;
  grpcCancel(token_);
  if (context != nullptr) context->calls_.remove(this);
}

void GrpcStreamHandlerBase::deleteIfClosed() {
  if (local_close_ && remote_close_) context_->calls_.remove(this);
}

// The hostcalls and the callbacks may both lead to a reset(), which deletes this handler: check in the list whether it
// still exists.

void GrpcStreamHandlerBase::close() {
  auto* const context = context_;
  grpcClose(token_);
  if (context == nullptr || !context->calls_.has(this)) return;
  local_close_ = true;
  deleteIfClosed();
}

WasmResult GrpcStreamHandlerBase::send(std::string_view message, bool end_of_stream) {
  auto* const context = context_;
  const auto result = grpcSend(token_, message, end_of_stream);
  if (result != WasmResult::Ok || !end_of_stream || context == nullptr || !context->calls_.has(this)) return result;
  local_close_ = true;
  deleteIfClosed();
  return result;
}

void GrpcStreamHandlerBase::grpcEnd(GrpcStatus status) {
  auto* const context = context_;
  onRemoteClose(status);
  if (!context->calls_.has(this)) return;
  remote_close_ = true;
  deleteIfClosed();
}
