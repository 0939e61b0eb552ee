// The implementation of TcpStream: a chain of filters, run as Envoy's network filter manager does, and the two ends.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "state/clock.h"
#include "tcp/connection_control.h"
#include "tcp/tcp_context.h"

namespace sluice::host {

class TcpStreamImpl final : public ConnectionControl {
 public:
  /// `clock` keeps the host, and so `profile`, alive; `roots` are the root contexts of the filters, in order.
  TcpStreamImpl(std::shared_ptr<Clock> clock, const Profile& profile, uint64_t id,
                const std::vector<std::shared_ptr<Context>>& roots);

  Clock& clock() { return *clock_; }
  /// Whether a filter holds back data in this direction.
  [[nodiscard]] bool paused(Direction direction) const {
    return !info_.closed && (direction == Direction::Request ? downstreamPaused_ : upstreamPaused_);
  }
  [[nodiscard]] uint32_t contextId(size_t position) const;

  // --- Called by the client and the upstream
  /// The client has connected.
  void start() { readFrom(0); }
  void downstreamData(std::string_view bytes, bool end);
  /// The client closes its connection. The proxy notices only once it reads, after it has connected to the upstream.
  void downstreamClose();
  void upstreamData(std::string_view bytes, bool end);
  /// The upstream resets its connection. Envoy's TCP proxy filter then closes the client's.
  void upstreamClose();

  // --- Called by filters and the proxy
  ConnectionInfo& info() override { return info_; }
  void resume(Direction direction, const TcpContext& filter) override;
  void close(PeerType peer) override;

 private:
  /// Shows the filters from `position` on the new connection, if they have not seen it, and then the client's data.
  void readFrom(size_t position);
  /// Shows the upstream's data to the filters from `position` on, counted from the upstream's end.
  void writeFrom(size_t position);
  [[nodiscard]] TcpContext& fromUpstream(size_t position) { return *filters_[filters_.size() - 1 - position]; }
  void connectUpstream();
  /// Reads what the client has sent, once the upstream is connected.
  void read();
  void closeIfOver();

  std::shared_ptr<Clock> clock_;
  ConnectionInfo info_;
  std::vector<std::unique_ptr<TcpContext>> filters_;
  std::string unread_;            // Sent by the client, not yet read by the proxy.
  std::string downstreamBuffer_;  // Read from the client and not passed on.
  std::string upstreamBuffer_;    // Read from the upstream and not passed on.
  bool unreadEnd_ = false;
  bool unreadClose_ = false;
  bool downstreamEnded_ = false;
  bool upstreamEnded_ = false;
  bool downstreamPaused_ = false;
  bool upstreamPaused_ = false;
  bool connecting_ = false;
  bool reading_ = false;          // Filters are seeing what the client has sent.
  bool upstreamPassing_ = false;  // Filters are seeing the upstream's data.
};

}  // namespace sluice::host
