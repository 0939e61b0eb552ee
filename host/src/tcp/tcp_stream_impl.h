// The connection behind TcpStream: a chain of filters as Envoy's network filter manager runs them, and the two ends.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "abi/stream_attributes.h"
#include "host_impl.h"
#include "sluice/host/tcp_stream.h"
#include "tcp/tcp_context.h"

namespace sluice::host {

class TcpStreamImpl final : public std::enable_shared_from_this<TcpStreamImpl> {
 public:
  TcpStreamImpl(std::shared_ptr<HostImpl> host, const std::vector<std::shared_ptr<PluginImpl>>& chain);

  HostImpl& host() { return *host_; }
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] bool downstreamPaused() const { return !closed_ && downstreamPaused_; }
  [[nodiscard]] bool upstreamPaused() const { return !closed_ && upstreamPaused_; }
  [[nodiscard]] uint32_t contextId(size_t position) const;
  /// What the proxy has read from the client.
  [[nodiscard]] uint64_t bytesRead() const { return bytesRead_; }

  // --- What the ends do
  /// The client has connected.
  void start() { readFrom(0); }
  void downstreamData(std::string_view bytes, bool end);
  void upstreamData(std::string_view bytes, bool end);

  // --- What filters and the proxy do
  void continueDownstream(const TcpContext& filter);
  void continueUpstream(const TcpContext& filter);
  /// The client's connection closes, on its side (Remote) or on the proxy's (Local), and the upstream's with it.
  void close(PeerType peer);

  TcpReceived received;
  TcpReceived answer;
  StreamAttributes attributes;

 private:
  /// Shows the filters from `position` on the new connection where they have not seen it, then what waits to be read.
  void readFrom(size_t position);
  /// Shows the filters from `position` on, counted from the upstream's end, what the upstream has sent.
  void writeFrom(size_t position);
  [[nodiscard]] TcpContext& fromUpstream(size_t position) { return *filters_[filters_.size() - 1 - position]; }
  void connectUpstream();
  /// Takes what the client has sent, once the upstream is connected.
  void read();
  void closeIfOver();

  std::shared_ptr<HostImpl> host_;
  std::vector<std::unique_ptr<TcpContext>> filters_;
  std::string unread_;            // What the client sent before the proxy reads.
  std::string downstreamBuffer_;  // Read from the client and not passed on.
  std::string upstreamBuffer_;    // Read from the upstream and not passed on.
  uint64_t bytesRead_ = 0;
  bool unreadEnd_ = false;
  bool downstreamEnded_ = false;
  bool upstreamEnded_ = false;
  bool downstreamPaused_ = false;
  bool upstreamPaused_ = false;
  bool connected_ = false;
  bool closed_ = false;
};

}  // namespace sluice::host
