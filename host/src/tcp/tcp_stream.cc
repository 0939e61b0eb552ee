#include "sluice/host/tcp_stream.h"

#include "tcp/tcp_stream_impl.h"

namespace sluice::host {

std::string TcpReceived::data() const {
  std::string whole;
  for (const auto& chunk : chunks) whole += chunk;
  return whole;
}

TcpStream::TcpStream(std::shared_ptr<TcpStreamImpl> impl) : impl_(std::move(impl)) {}
TcpStream::~TcpStream() {
  Clock::Activity activity(impl_->clock());
  impl_->close(PeerType::Remote);  // Also a connection whose end the proxy has not noticed yet: each one ends.
}

void TcpStream::downstreamData(std::string_view bytes, bool end) {
  Clock::Activity activity(impl_->clock());
  impl_->downstreamData(bytes, end);
}
void TcpStream::downstreamClose() {
  Clock::Activity activity(impl_->clock());
  impl_->downstreamClose();
}
void TcpStream::upstreamData(std::string_view bytes, bool end) {
  Clock::Activity activity(impl_->clock());
  impl_->upstreamData(bytes, end);
}
void TcpStream::upstreamClose() {
  Clock::Activity activity(impl_->clock());
  impl_->upstreamClose();
}

const TcpReceived& TcpStream::received() const { return impl_->info().received; }
const TcpReceived& TcpStream::answer() const { return impl_->info().answer; }
bool TcpStream::connected() const { return impl_->info().connected; }
bool TcpStream::downstreamPaused() const { return impl_->paused(Direction::Request); }
bool TcpStream::upstreamPaused() const { return impl_->paused(Direction::Response); }
bool TcpStream::closed() const { return impl_->info().closed; }
uint32_t TcpStream::contextId(size_t position) const { return impl_->contextId(position); }

void TcpStream::setProperty(std::string_view path, std::string_view value) {
  impl_->info().attributes.properties[std::string(path)] = value;
}
std::optional<std::string> TcpStream::writtenProperty(std::string_view path) const {
  return impl_->info().attributes.written(path);
}

}  // namespace sluice::host
