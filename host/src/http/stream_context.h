// The stream context of a plugin: one filter in an HTTP stream.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "abi/context.h"
#include "http/envoy_crash.h"
#include "http/filter.h"
#include "http/stream_control.h"

namespace sluice::host {

class StreamContext final : public Context, public HttpFilter {
 public:
  /// `root` is the plugin's root context in the stream's VM; it stays the same when the plugin is reloaded later.
  StreamContext(StreamControl& stream, std::shared_ptr<Context> root);

  // --- Called by the pipelines
  HeadersStatus onHeaders(Direction direction, HeaderMap& headers, bool end) override;
  DataStatus onData(Direction direction, std::string& data, bool end) override;
  TrailersStatus onTrailers(Direction direction, HeaderMap& trailers) override;
  void onMetadata(Direction direction, const Headers& metadata) override;
  /// Takes the response's body and trailers from the filter: another response replaces it. Its headers stay.
  void forgetBody() { response_ = {.headers = response_.headers}; }
  // --- The end of the stream
  void log();
  void done();
  void deleteInGuest();

  // --- Called by hostcalls
  HeaderMap* writableMap(MapType map) override;
  const HeaderMap* readableMap(MapType map) override;
  [[nodiscard]] bool logging() const override { return logging_; }
  BufferView buffer(BufferType type) override;
  Status continueStream(StreamType stream) override;
  Status closeStream(StreamType stream) override;
  void sendLocalResponse(LocalResponse response) override;
  StreamAttributes* attributes() override { return &stream_.info().attributes; }

 protected:
  PropertyValue property(const PropertyPath& path) override;

 private:
  /// The parts of a message in one direction that the filter may access.
  struct Access {
    HeaderMap* headers = nullptr;
    std::string* body = nullptr;
    HeaderMap* trailers = nullptr;
    bool buffering = false;  // The filter returned StopAndBuffer for the last piece.
    bool dangling = false;   // The filter stopped the last piece without buffering it: Envoy keeps no valid reference.
  };
  /// Releases a part of a message that the filter may no longer access, at the end of the callback's scope: until then,
  /// what the filter has asked for runs, and may call the filter again.
  template <class Part>
  struct Release {
    Part*& part;
    bool now = false;
    ~Release() {
      if (now) part = nullptr;
    }
  };

  enum class Part { Headers, Body, Trailers };

  void create();
  /// Sends answer_ once the running callback has returned.
  void sendAnswer();
  /// When the VM has failed, sends the client an empty 503, once, and returns true.
  bool failStream();
  /// Whether to skip the filter: a response skips a filter that never saw the request or whose VM failed.
  [[nodiscard]] bool passedOver(Direction direction) const {
    return !created_ || (direction == Direction::Response && failureAnswered_);
  }
  [[nodiscard]] const Profile& profile() { return stream_.info().profile; }
  HeadersStatus headersStatus(std::optional<uint64_t> answer);
  DataStatus dataStatus(std::optional<uint64_t> answer);
  TrailersStatus trailersStatus(std::optional<uint64_t> answer);
  Access& access(Direction direction) { return direction == Direction::Request ? request_ : response_; }
  [[nodiscard]] MessageCallbacks callbacks(Direction direction) {
    return MessageCallbacks::of(instance().callbacks(), direction);
  }
  HeaderMap* trailersToWrite(Direction direction);
  BufferView body(Direction direction);
  /// Runs a callback of the filter for a part of a message.
  template <class Call>
  std::optional<uint64_t> run(Direction direction, Part part, const Call& call);
  /// The stream's state, for what crashes Envoy.
  [[nodiscard]] StreamMoment moment();
  /// Throws an Error when `why` names a reason for which Envoy crashes and the profile names crashes.
  void refuse(std::string_view operation, std::string_view why);
  /// Envoy crashes when a filter continues a response that ends with its headers, and also lets it pass.
  void checkResponseHeaders(HeadersStatus status);
  /// Envoy crashes when a filter adds trailers to a response, continues it and also lets the end of its body pass.
  void checkResponseEnd(DataStatus status);
  /// Envoy crashes when a filter lets response trailers pass, but has closed the stream or continued the response.
  void checkResponseTrailers(TrailersStatus status);

  StreamControl& stream_;
  std::shared_ptr<Context> keptRoot_;
  Access request_;
  Access response_;
  bool end_ = false;
  bool creating_ = false;
  bool created_ = false;
  bool logging_ = false;
  bool failureAnswered_ = false;
  bool inRequest_ = false;           // A request callback is running.
  bool inHeaders_ = false;           // A headers callback is running.
  bool inTrailers_ = false;          // A trailers callback is running.
  std::optional<Direction> bodyOf_;  // The message whose body a callback sees.
  // How many operations wait for the end of the callback.
  int closing_ = 0;
  int answering_ = 0;
  std::optional<LocalResponse> answerOfCreate_;  // Sent in on_context_create.
  std::shared_ptr<LocalResponse> answer_;        // What answering_ counts, as long as it waits.
  int continuingResponse_ = 0;
};

}  // namespace sluice::host
