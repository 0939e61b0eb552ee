#include "tcp/tcp_stream_impl.h"

#include <utility>

namespace sluice::host {
namespace {

/// Moves the bytes in `buffer`, and the end of the data, to `receiver`.
void pass(TcpReceived& receiver, std::string& buffer, bool ended) {
  if (!buffer.empty()) receiver.chunks.push_back(std::exchange(buffer, {}));
  receiver.ended = receiver.ended || ended;
}

}  // namespace

TcpStreamImpl::TcpStreamImpl(std::shared_ptr<Clock> clock, const Profile& profile, uint64_t id,
                             const std::vector<std::shared_ptr<Context>>& roots)
    : clock_(std::move(clock)), info_{.profile = profile, .attributes = {.id = id, .startTime = clock_->now()}} {
  for (const auto& root : roots) filters_.push_back(std::make_unique<TcpContext>(*this, root));
}

uint32_t TcpStreamImpl::contextId(size_t position) const {
  return position < filters_.size() ? filters_[position]->id() : 0;
}

void TcpStreamImpl::readFrom(size_t position) {
  if (info_.closed) return;
  downstreamPaused_ = true;  // Cleared at the end of the chain.
  for (size_t i = position; i < filters_.size(); ++i) {
    TcpContext& filter = *filters_[i];
    if (!filter.created() && (filter.newConnection() == FilterStatus::StopIteration || info_.closed)) return;
    if (downstreamBuffer_.empty() && !downstreamEnded_) continue;
    if (filter.onData(Direction::Request, downstreamBuffer_, downstreamEnded_) == FilterStatus::StopIteration ||
        info_.closed)
      return;
  }
  downstreamPaused_ = false;
  pass(info_.received, downstreamBuffer_, downstreamEnded_);
  connectUpstream();
}

void TcpStreamImpl::connectUpstream() {
  if (std::exchange(connecting_, true)) return;
  clock_->defer([this, alive = weak_from_this()] {
    const auto kept = alive.lock();
    if (kept == nullptr || info_.closed) return;
    info_.connected = true;
    // The proxy now reads what the client has sent.
    if (!unread_.empty() || unreadEnd_ || unreadClose_) read();
  });
}

void TcpStreamImpl::read() {
  if (info_.closed) return;
  info_.bytesRead += unread_.size();
  downstreamBuffer_.append(std::exchange(unread_, {}));
  downstreamEnded_ = unreadEnd_;
  reading_ = true;
  readFrom(0);
  reading_ = false;
  if (unreadClose_) return close(PeerType::Remote);
  if (downstreamEnded_ && info_.answer.ended) return close(PeerType::Remote);
  closeIfOver();
}

void TcpStreamImpl::closeIfOver() {
  // What the filters let pass still reaches the client, and what is read says who has ended.
  if (upstreamPassing_ || reading_) return;
  // Both peers have sent everything and one of them has received the other's end: the data that filters hold back is
  // lost.
  if (downstreamEnded_ && upstreamEnded_ && (info_.received.ended || info_.answer.ended)) close(PeerType::Local);
}

void TcpStreamImpl::downstreamData(std::string_view bytes, bool end) {
  if (info_.closed) return;
  if (unreadEnd_) throw Error(ErrorKind::Usage, "the client has said already that it sends no more.");
  unread_.append(bytes);
  unreadEnd_ = end;
  if (info_.connected) read();
}

void TcpStreamImpl::downstreamClose() {
  unreadClose_ = true;
  if (info_.connected) close(PeerType::Remote);
}

void TcpStreamImpl::resume(Direction direction, const TcpContext& filter) {
  for (size_t i = 0; i < filters_.size(); ++i) {
    if (direction == Direction::Request && filters_[i].get() == &filter) readFrom(i + 1);
    if (direction == Direction::Response && &fromUpstream(i) == &filter) writeFrom(i + 1);
  }
  closeIfOver();
}

void TcpStreamImpl::writeFrom(size_t position) {
  if (info_.closed || info_.answer.ended) return;
  upstreamPaused_ = true;
  const bool outer = std::exchange(upstreamPassing_, true);
  bool stopped = false;
  for (size_t i = position; i < filters_.size() && !stopped; ++i) {
    TcpContext& filter = fromUpstream(i);
    const FilterStatus status = filter.onData(Direction::Response, upstreamBuffer_, upstreamEnded_);
    stopped = status == FilterStatus::StopIteration || info_.closed;
  }
  upstreamPassing_ = outer;
  if (stopped) return;
  upstreamPaused_ = false;
  pass(info_.answer, upstreamBuffer_, upstreamEnded_);
}

void TcpStreamImpl::upstreamData(std::string_view bytes, bool end) {
  if (info_.closed) return;
  if (!info_.connected)
    throw Error(ErrorKind::Usage, "the upstream is not connected: a filter holds the connection back.");
  if (upstreamEnded_) throw Error(ErrorKind::Usage, "the upstream has said already that it sends no more.");
  upstreamBuffer_.append(bytes);
  upstreamEnded_ = end;
  writeFrom(0);
  closeIfOver();
}

void TcpStreamImpl::upstreamClose() {
  constexpr uint32_t kUpstreamRemoteReset = 0x10;
  info_.flags |= kUpstreamRemoteReset;
  close(PeerType::Local);
}

void TcpStreamImpl::close(PeerType peer) {
  if (std::exchange(info_.closed, true)) return;
  auto kept = shared_from_this();
  for (auto& filter : filters_) filter->closed(peer);
}

}  // namespace sluice::host
