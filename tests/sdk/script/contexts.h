// The script filter's contexts.
#pragma once

#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

#include "call.h"

namespace script {

class Connection;

class Root : public sluice::RootContext {
 public:
  void onCreate() override;
  bool onStart(size_t size) override;
  bool onConfigure(size_t size) override;
  void onTick() override;
  void onQueueReady(sluice::SharedQueue queue) override;
  void onForeignFunction(uint32_t function, size_t size) override;
  bool onDone() override;
  void onLog() override;
  void onDelete() override;
  ~Root() override;

  /// Makes the calls that are written down for `callback`; answers what the callback is to return.
  int run(std::string_view callback, Stream* stream, int answer, Connection* connection = nullptr);

  /// The stream that was created last, while it is there.
  Stream* latest = nullptr;

  /// What came last of a callout.
  sluice::HttpReply reply;

 private:
  // Calls end with the byte 0x1e, their parts are separated by 0x1f.
  void addScript(std::string_view text);

  std::forward_list<std::string> texts_;  // Calls refer to them.
  std::vector<Call> calls_;
  int depth_ = 0;
};

class Stream : public sluice::HttpContext {
 public:
  explicit Stream(Root& root) : root_(root) {}
  ~Stream() override;
  void onCreate() override;
  sluice::FilterHeadersStatus onRequestHeaders(uint32_t count, bool endOfStream) override;
  sluice::FilterDataStatus onRequestBody(size_t size, bool endOfStream) override;
  sluice::FilterTrailersStatus onRequestTrailers(uint32_t count) override;
  sluice::FilterHeadersStatus onResponseHeaders(uint32_t count, bool endOfStream) override;
  sluice::FilterDataStatus onResponseBody(size_t size, bool endOfStream) override;
  sluice::FilterTrailersStatus onResponseTrailers(uint32_t count) override;
  sluice::FilterMetadataStatus onRequestMetadata(uint32_t count) override;
  sluice::FilterMetadataStatus onResponseMetadata(uint32_t count) override;
  bool onDone() override;
  void onLog() override;
  void onDelete() override;

  /// For the test of a view that is kept for too long.
  std::string_view keptView;

 private:
  Root& root_;
};

}  // namespace script
