// The script filter's contexts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "call.h"
#include "lines.h"

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

  /// Makes the script's calls for `callback`. Returns the value that the callback must return: the script's, or
  /// `place.answer` if the script has none.
  int run(const Callback& callback, Place place, bool endOfStream = false);
  /// Resets the call counts of a context's callbacks.
  void forget(uint32_t context);

  /// The stream that was created last, or null once it is gone.
  Stream* latest = nullptr;

  /// The latest reply to a callout.
  sluice::HttpReply reply;

 private:
  int happen(const Callback& callback, std::string detail = {}, int answer = 0);

  Lines script_;
  // How often each callback was called, by context; counted only when the script needs it.
  std::map<uint32_t, std::map<std::string_view, uint32_t>> counts_;
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

  /// Adds the lines of a request header, which semicolons separate, to the stream's own script.
  void takeScript(std::string_view header);
  [[nodiscard]] const Lines& script() const { return script_; }

  /// For the test of a view that outlives its callback.
  std::string_view keptView;

 private:
  int happen(const Callback& callback, std::string detail = {}, std::optional<bool> endOfStream = {}, int answer = 0);

  Root& root_;
  Lines script_;
};

}  // namespace script
