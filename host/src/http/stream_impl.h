// The implementation of HttpStream: two pipelines through one chain of filters, and the two ends.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "http/pipeline.h"
#include "http/stream_context.h"
#include "http/stream_control.h"
#include "sluice/host/http_stream.h"
#include "wire/http1_codec.h"

namespace sluice::host {

class StreamImpl final : public StreamControl {
 public:
  /// `clock` keeps the host, and so `profile`, alive; `roots` are the root contexts of the filters, in order.
  StreamImpl(std::shared_ptr<Clock> clock, const Profile& profile, uint64_t id,
             const std::vector<std::shared_ptr<Context>>& roots);

  Clock& clock() { return *clock_; }
  /// The id of the stream context in the filter at `position`; 0 before the request's headers.
  [[nodiscard]] uint32_t contextId(size_t position) const;

  // --- Called by the client and the upstream
  void requestHeaders(const Headers& headers, bool end);
  void requestBody(std::string_view chunk, bool end);
  void requestTrailers(const Headers& trailers);
  void requestMetadata(const Headers& metadata);
  void responseHeaders(const Headers& headers, bool end);
  void responseBody(std::string_view chunk, bool end);
  void responseTrailers(const Headers& trailers);
  void responseMetadata(const Headers& metadata);
  void sendRequest(const Message& message);
  void sendResponse(const Message& message);
  void respondWith(Message message);
  void upstreamReset();
  void close();

  // --- Called by filters and the proxy
  StreamInfo& info() override { return info_; }
  Pipeline& pipeline(Direction direction) override { return direction == Direction::Request ? *request_ : *response_; }
  void sendLocalResponse(const LocalResponse& response) override;
  void reset(std::string_view details) override;

 private:
  /// Receives requests.
  class Upstream final : public PipelineEnd {
   public:
    explicit Upstream(StreamImpl& stream) : stream_(stream) {}
    void onHeaders(HeaderMap& headers, bool end) override;
    void onData(std::string data, bool end) override;
    void onTrailers(const HeaderMap& trailers) override;
    void onMetadata(const Headers& metadata) override;
    void onTooLarge() override;
    void close();
    /// Whether the upstream has a whole request twice, so that Envoy passes on the headers of a response and no more.
    [[nodiscard]] bool isAmbiguous() const { return ambiguous_; }

   private:
    void refuse();
    void finishIfComplete();
    StreamImpl& stream_;
    std::unique_ptr<Http1Codec> codec_;
    Received repeated_;  // The same request once more, continued by a filter that had not paused it.
    bool answered_ = false;
    bool ambiguous_ = false;
  };
  /// Receives responses.
  class Client final : public PipelineEnd {
   public:
    explicit Client(StreamImpl& stream) : stream_(stream), codec_(Direction::Response, stream.info_.answer) {}
    void onHeaders(HeaderMap& headers, bool end) override;
    void onData(std::string data, bool end) override;
    void onTrailers(const HeaderMap& trailers) override;
    void onMetadata(const Headers& metadata) override;
    void onTooLarge() override;
    void close() { codec_.close(); }

   private:
    void afterWriting(bool end);
    StreamImpl& stream_;
    Http1Codec codec_;
  };

  [[nodiscard]] bool clientHasLeft() const;
  std::unique_ptr<HeaderMap> newMap(MapKind kind, const Headers& headers) const;
  void playScriptedResponse();
  /// Calls `action` once the current activity is over, unless the stream is gone by then.
  void afterActivity(void (StreamImpl::*action)());
  /// The upstream has sent the end of its response.
  void upstreamEnds();
  void finish();

  /// Makes the headers and the body of a local response.
  std::unique_ptr<HeaderMap> localHeaders(const LocalResponse& response, std::string* body) const;

  std::shared_ptr<Clock> clock_;
  StreamInfo info_;
  std::vector<std::unique_ptr<StreamContext>> filters_;
  Upstream upstream_{*this};
  Client client_{*this};
  std::unique_ptr<Pipeline> request_;
  std::unique_ptr<Pipeline> response_;
  std::optional<Message> scripted_;
  bool isHead_ = false;
  bool isGrpc_ = false;
  bool isConnect_ = false;
  bool isUpgrade_ = false;
  bool hasForwardedProto_ = false;   // The client's request has x-forwarded-proto.
  bool upstreamSaysLength_ = false;  // The upstream's response has a content-length.
  bool headersSent_ = false;         // A response's headers have been sent to the client.
};

}  // namespace sluice::host
