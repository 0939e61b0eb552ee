#include "tcp/tcp_stream_impl.h"

#include <utility>

#include "plugin_impl.h"

namespace sluice::host {
namespace {

/// Hands over what is in `buffer`, and the end of it.
void pass(TcpReceived& receiver, std::string& buffer, bool ended) {
  if (!buffer.empty()) receiver.chunks.push_back(std::exchange(buffer, {}));
  receiver.ended = receiver.ended || ended;
}

}  // namespace

TcpStreamImpl::TcpStreamImpl(std::shared_ptr<HostImpl> host, const std::vector<std::shared_ptr<PluginImpl>>& chain)
    : attributes{.id = host->nextStreamId(), .startTime = host->now()}, host_(std::move(host)) {
  for (const auto& plugin : chain) {
    if (plugin->joinsStreams()) filters_.push_back(std::make_unique<TcpContext>(*this, plugin));
  }
}

uint32_t TcpStreamImpl::contextId(size_t position) const {
  return position < filters_.size() ? filters_[position]->id() : 0;
}

void TcpStreamImpl::readFrom(size_t position) {
  if (closed_) return;
  downstreamPaused_ = true;  // Until the end of the chain is reached.
  for (size_t i = position; i < filters_.size(); ++i) {
    TcpContext& filter = *filters_[i];
    if (!filter.created() && (filter.newConnection() == FilterStatus::StopIteration || closed_)) return;
    if (downstreamBuffer_.empty() && !downstreamEnded_) continue;
    if (filter.downstreamData(downstreamBuffer_, downstreamEnded_) == FilterStatus::StopIteration || closed_) return;
  }
  downstreamPaused_ = false;
  pass(received, downstreamBuffer_, downstreamEnded_);
  connectUpstream();
}

void TcpStreamImpl::connectUpstream() {
  if (std::exchange(connected_, true)) return;
  // From here on the proxy reads what the client sends.
  if (unread_.empty() && !unreadEnd_) return;
  host_->defer([alive = weak_from_this()] {
    if (auto kept = alive.lock()) kept->read();
  });
}

void TcpStreamImpl::read() {
  if (closed_) return;
  bytesRead_ += unread_.size();
  downstreamBuffer_.append(std::exchange(unread_, {}));
  downstreamEnded_ = unreadEnd_;
  readFrom(0);
  if (downstreamEnded_ && answer.ended) return close(PeerType::Remote);
  closeIfOver();
}

void TcpStreamImpl::closeIfOver() {
  // Both peers have sent all, and one of the proxy's two connections knows: whatever filters hold back is lost.
  if (downstreamEnded_ && upstreamEnded_ && (received.ended || answer.ended)) close(PeerType::Local);
}

void TcpStreamImpl::downstreamData(std::string_view bytes, bool end) {
  if (closed_) return;
  if (unreadEnd_) throw Error(ErrorKind::Usage, "the client has said already that it sends no more.");
  unread_.append(bytes);
  unreadEnd_ = end;
  if (connected_) read();
}

void TcpStreamImpl::continueDownstream(const TcpContext& filter) {
  for (size_t i = 0; i < filters_.size(); ++i) {
    if (filters_[i].get() == &filter) readFrom(i + 1);
  }
  closeIfOver();
}

void TcpStreamImpl::writeFrom(size_t position) {
  if (closed_ || answer.ended) return;
  upstreamPaused_ = true;
  for (size_t i = position; i < filters_.size(); ++i) {
    TcpContext& filter = fromUpstream(i);
    if (filter.upstreamData(upstreamBuffer_, upstreamEnded_) == FilterStatus::StopIteration || closed_) return;
  }
  upstreamPaused_ = false;
  pass(answer, upstreamBuffer_, upstreamEnded_);
}

void TcpStreamImpl::upstreamData(std::string_view bytes, bool end) {
  if (closed_) return;
  if (!connected_) throw Error(ErrorKind::Usage, "the upstream is not connected: a filter holds the connection back.");
  if (upstreamEnded_) throw Error(ErrorKind::Usage, "the upstream has said already that it sends no more.");
  upstreamBuffer_.append(bytes);
  upstreamEnded_ = end;
  writeFrom(0);
  closeIfOver();
}

void TcpStreamImpl::continueUpstream(const TcpContext& filter) {
  for (size_t i = 0; i < filters_.size(); ++i) {
    if (&fromUpstream(i) == &filter) writeFrom(i + 1);
  }
  closeIfOver();
}

void TcpStreamImpl::close(PeerType peer) {
  if (std::exchange(closed_, true)) return;
  auto kept = shared_from_this();
  for (auto& filter : filters_) filter->closed(peer);
}

}  // namespace sluice::host
