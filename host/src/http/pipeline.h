// One direction of a stream: moves headers, body and trailers through the filters as Envoy's filter manager does. A
// request passes the filters in order, a response in reverse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "http/filter.h"

namespace sluice::host {

/// Receives a message that has passed all filters, and the news that the held-back data grew too large.
class PipelineEnd {
 public:
  virtual ~PipelineEnd() = default;
  virtual void onHeaders(HeaderMap& headers, bool end) = 0;
  virtual void onData(std::string data, bool end) = 0;
  virtual void onTrailers(const HeaderMap& trailers) = 0;
  virtual void onMetadata(const Headers& metadata) = 0;
  virtual void onTooLarge() = 0;
};

class Pipeline {
 public:
  Pipeline(Direction direction, std::vector<HttpFilter*> filters, uint64_t bufferLimit, PipelineEnd& end);

  // --- What the sending end does
  void sendHeaders(std::unique_ptr<HeaderMap> headers, bool end);
  void sendData(std::string data, bool end) { send({std::move(data), end, nullptr}); }
  void sendTrailers(std::unique_ptr<HeaderMap> trailers) { send({{}, true, std::move(trailers)}); }
  /// Sends a METADATA frame. It waits at a filter that has stopped all iteration or has not seen the headers yet.
  void sendMetadata(const Headers& metadata) { metadataFrom(0, metadata); }
  /// Passes on no more of the body and the trailers, as Envoy drops a request's once the response has ended.
  void drop() { dropped_ = true; }

  // --- What a filter does
  /// Passes on what `filter` holds back (Envoy's continueDecoding and continueEncoding).
  void resume(const HttpFilter& filter);
  /// Appends `data` to the held-back data, as for StopAndBuffer.
  void buffer(std::string& data);
  /// The held-back data, or null.
  std::string* buffered() { return buffered_.get(); }
  /// Adds trailers to a message that has none. Returns null unless a filter is seeing the last piece of the body.
  HeaderMap* addTrailers(bool joinKnown);

  /// Whether `filter` holds the message back.
  [[nodiscard]] bool isHeldBy(const HttpFilter& filter) const;

  /// Stops the pipeline: nothing moves any more.
  void abort() { aborted_ = true; }
  [[nodiscard]] bool aborted() const { return aborted_; }
  /// Whether the sending end has sent everything.
  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] HeaderMap* headers() { return headers_.get(); }
  [[nodiscard]] HeaderMap* trailers() { return trailers_.get(); }
  /// Replaces the headers without sending them, for a local response that bypasses the filters. A filter that has the
  /// old ones keeps them.
  void setHeaders(std::unique_ptr<HeaderMap> headers) {
    replaced_.push_back(std::move(headers_));
    headers_ = std::move(headers);
  }
  /// Whether a filter holds the message back.
  [[nodiscard]] bool paused() const;

 private:
  enum class State { Continue, StopSingle, StopAllBuffer, StopAllWatermark };
  struct Slot {
    HttpFilter* filter;
    State state = State::Continue;
    bool headersSeen = false;
    bool headersContinued = false;
    bool ended = false;                  // The filter has seen the end of the message.
    bool fromCurrent = false;            // Data and trailers start at this filter, not at the next.
    std::vector<Headers> metadata = {};  // Frames that wait for this filter.
  };

  static bool stoppedAll(const Slot& slot) {
    return slot.state == State::StopAllBuffer || slot.state == State::StopAllWatermark;
  }
  /// Whether the sending end is kept from sending: a filter lets it wait, and the buffer is full.
  [[nodiscard]] bool sendingWaits() const {
    return streaming_ && bufferLimit_ != 0 && buffered_ != nullptr && buffered_->size() > bufferLimit_;
  }
  /// What the sending end sends after the headers: a piece of the body, or the trailers.
  struct Piece {
    std::string data;
    bool end;
    std::unique_ptr<HeaderMap> trailers;
  };
  void send(Piece piece);
  void sendWhatWaits();
  void deliver(Piece piece);
  void headersFrom(size_t position, bool end);
  void dataFrom(size_t position, std::string& data, bool end);
  void trailersFrom(size_t position);
  void metadataFrom(size_t position, const Headers& metadata);
  bool continueAfterData(size_t position, DataStatus status, std::string& data);
  bool continueAfterTrailers(size_t position, TrailersStatus status);
  void resume(size_t position);

  Direction direction_;
  std::vector<Slot> slots_;
  uint64_t bufferLimit_;
  PipelineEnd& end_;
  std::unique_ptr<HeaderMap> headers_;
  std::vector<std::unique_ptr<HeaderMap>> replaced_;
  std::unique_ptr<HeaderMap> trailers_;
  std::unique_ptr<std::string> buffered_;
  bool streaming_ = false;     // The buffer may exceed the limit: the sender is slowed down instead.
  bool lastData_ = false;      // A filter is seeing the last piece of the body.
  std::deque<Piece> waiting_;  // What the sending end sends when it can.
  bool complete_ = false;
  bool dropped_ = false;
  bool aborted_ = false;
};

}  // namespace sluice::host
