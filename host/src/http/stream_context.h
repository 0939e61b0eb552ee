// A filter in a stream: the stream context of one plugin.
#pragma once

#include <cstdint>
#include <memory>

#include "abi/context.h"
#include "http/pipeline.h"

namespace sluice::host {

class PluginImpl;

class StreamContext final : public Context {
 public:
  StreamContext(StreamImpl& stream, std::shared_ptr<PluginImpl> plugin);

  // --- The filter's callbacks, in Envoy's terms
  HeadersStatus decodeHeaders(HeaderMap& headers, bool end);
  DataStatus decodeData(std::string& data, bool end);
  TrailersStatus decodeTrailers(HeaderMap& trailers);
  HeadersStatus encodeHeaders(HeaderMap& headers, bool end);
  DataStatus encodeData(std::string& data, bool end);
  TrailersStatus encodeTrailers(HeaderMap& trailers);
  void decodeMetadata(const Headers& metadata);
  void encodeMetadata(const Headers& metadata);
  void log();
  void done();
  void deleteInGuest();

  // --- What hostcalls do
  HeaderMap* writableMap(MapType map) override;
  const HeaderMap* readableMap(MapType map) override;
  bool logging() const override { return logging_; }
  BufferView buffer(BufferType type) override;
  Status continueStream(StreamType stream) override;
  Status closeStream(StreamType stream) override;
  void sendLocalResponse(LocalResponse response) override;
  StreamAttributes* attributes() override;
  StreamImpl* stream() override { return &stream_; }

 private:
  /// What a filter holds of a message in one direction while it may touch it.
  struct Message {
    HeaderMap* headers = nullptr;
    std::string* body = nullptr;
    HeaderMap* trailers = nullptr;
    bool buffering = false;  // The last piece was answered with StopAndBuffer.
  };

  void create();
  /// The VM has failed: answers the client once, with an empty 503.
  bool failStream();
  HeadersStatus headersStatus(std::optional<uint64_t> answer);
  DataStatus dataStatus(std::optional<uint64_t> answer);
  TrailersStatus trailersStatus(std::optional<uint64_t> answer);
  HeadersStatus onHeaders(Message& message, HeaderMap& headers, bool end, bool request);
  DataStatus onData(Message& message, std::string& data, bool end, bool request);
  TrailersStatus onTrailers(Message& message, HeaderMap& trailers, bool request);
  Pipeline& pipeline(bool request);
  HeaderMap* trailersToWrite(Message& message, bool request);
  BufferView body(Message& message, bool request);

  StreamImpl& stream_;
  std::shared_ptr<PluginImpl> plugin_;
  std::shared_ptr<RootContext> root_;  // That of the VM this stream runs in, also when the plugin has been reloaded.
  Message request_;
  Message response_;
  bool end_ = false;
  bool created_ = false;
  bool logging_ = false;
  bool failureAnswered_ = false;
  bool locallyAnswered_ = false;  // The filter has sent a local response.
};

}  // namespace sluice::host
