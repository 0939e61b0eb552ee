// The stream behind HttpStream: two pipelines through one chain of filters, and the two ends.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "http/pipeline.h"
#include "http/stream_context.h"
#include "http/stream_control.h"
#include "sluice/host/http_stream.h"

namespace sluice::host {

class StreamImpl final : public StreamControl {
 public:
  /// `clock` keeps the host alive, and with it `profile`; `roots` are the root contexts of the filters, in order.
  StreamImpl(std::shared_ptr<Clock> clock, const Profile& profile, uint64_t id,
             const std::vector<std::shared_ptr<Context>>& roots);

  Clock& clock() { return *clock_; }
  /// The guest's id of the stream in the filter at `position`; 0 before the request's headers.
  [[nodiscard]] uint32_t contextId(size_t position) const;

  // --- What the ends send
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

  // --- What filters and the proxy do
  StreamInfo& info() override { return info_; }
  Pipeline& pipeline(Direction direction) override { return direction == Direction::Request ? *request_ : *response_; }
  void sendLocalResponse(const LocalResponse& response) override;
  void reset(std::string_view details) override;

 private:
  /// Where requests end up.
  class Upstream final : public PipelineEnd {
   public:
    explicit Upstream(StreamImpl& stream) : stream_(stream) {}
    void onHeaders(const HeaderMap& headers, bool end) override;
    void onData(std::string data, bool end) override;
    void onTrailers(const HeaderMap& trailers) override;
    void onMetadata(const Headers& metadata) override;
    void onTooLarge() override;

   private:
    void finishIf(bool end);
    StreamImpl& stream_;
  };
  /// Where responses end up.
  class Client final : public PipelineEnd {
   public:
    explicit Client(StreamImpl& stream) : stream_(stream) {}
    void onHeaders(const HeaderMap& headers, bool end) override;
    void onData(std::string data, bool end) override;
    void onTrailers(const HeaderMap& trailers) override;
    void onMetadata(const Headers& metadata) override;
    void onTooLarge() override;

   private:
    void finishIf(bool end);
    StreamImpl& stream_;
  };

  std::unique_ptr<HeaderMap> newMap(MapKind kind, const Headers& headers) const;
  void playScriptedResponse();
  void finish();

  /// The headers with which the proxy sends a local response, and the body that it sends with them.
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
};

}  // namespace sluice::host
