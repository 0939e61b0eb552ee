// The stream behind HttpStream: two pipelines through one chain of filters, and the two ends.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "abi/context.h"
#include "abi/stream_attributes.h"
#include "host_impl.h"
#include "http/pipeline.h"
#include "http/stream_context.h"
#include "sluice/host/http_stream.h"

namespace sluice::host {

class StreamImpl final : public std::enable_shared_from_this<StreamImpl> {
 public:
  StreamImpl(std::shared_ptr<HostImpl> host, std::vector<std::shared_ptr<PluginImpl>> chain);
  ~StreamImpl();

  HostImpl& host() { return *host_; }
  const Profile& profile() const { return host_->profile(); }
  Pipeline& request() { return *request_; }
  Pipeline& response() { return *response_; }
  [[nodiscard]] bool closed() const { return closed_; }

  // --- What the ends send
  void requestHeaders(const Headers& headers, bool end);
  void requestBody(std::string_view chunk, bool end);
  void requestTrailers(const Headers& trailers);
  void requestMetadata(const Headers& metadata);
  void responseHeaders(const Headers& headers, bool end);
  void responseBody(std::string_view chunk, bool end);
  void responseTrailers(const Headers& trailers);
  void responseMetadata(const Headers& metadata);
  void respondWith(Message message);
  void upstreamReset();
  void close();

  // --- What filters and the proxy do
  void sendLocalResponse(const LocalResponse& response);
  void reset(std::string_view details);

  // --- What the ends have received
  Received received;
  Received answer;
  bool localResponse = false;
  std::string details;

  uint32_t contextId(size_t position) const;
  StreamAttributes attributes;

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

  std::shared_ptr<HostImpl> host_;
  std::vector<std::unique_ptr<StreamContext>> filters_;
  Upstream upstream_{*this};
  Client client_{*this};
  std::unique_ptr<Pipeline> request_;
  std::unique_ptr<Pipeline> response_;
  std::optional<Message> scripted_;
  bool isHead_ = false;
  bool isGrpc_ = false;
  bool closed_ = false;
};

}  // namespace sluice::host
