#include "tcp/tcp_context.h"

#include "host_impl.h"
#include "plugin_impl.h"
#include "tcp/tcp_stream_impl.h"

namespace sluice::host {
namespace {

FilterStatus statusOf(std::optional<uint64_t> answer) {
  return answer.value_or(0) == 0 ? FilterStatus::Continue : FilterStatus::StopIteration;
}

}  // namespace

TcpContext::TcpContext(TcpStreamImpl& stream, const std::shared_ptr<PluginImpl>& plugin)
    : Context(plugin->vm(), plugin.get(), plugin->root().get()),
      stream_(stream),
      plugin_(plugin),
      root_(plugin->root()) {}

bool TcpContext::failStream() {
  if (!vm().failure()) return false;
  stream_.close(PeerType::Local);
  return true;
}

FilterStatus TcpContext::newConnection() {
  created_ = true;
  if (!vm().failure()) {
    Vm::CallScope scope(vm());
    vm().call(vm().callbacks().proxy_on_context_create, *this, id(), root()->id());
  }
  if (failStream()) return FilterStatus::StopIteration;
  Vm::CallScope scope(vm());
  auto answer = vm().call(vm().callbacks().proxy_on_new_connection, *this, id());
  return failStream() ? FilterStatus::StopIteration : statusOf(answer);
}

FilterStatus TcpContext::onData(std::string*& buffer, std::string& data, bool end, bool downstream) {
  if (!created_) return FilterStatus::Continue;
  buffer = &data;
  if (failStream()) return FilterStatus::StopIteration;
  FilterStatus status{};
  {
    Vm::CallScope scope(vm());
    const Callbacks& callbacks = vm().callbacks();
    const uint64_t size = data.size();
    auto answer = downstream ? vm().call(callbacks.proxy_on_downstream_data, *this, id(), size, end ? 1u : 0u)
                             : vm().call(callbacks.proxy_on_upstream_data, *this, id(), size, end ? 1u : 0u);
    if (failStream()) return FilterStatus::StopIteration;
    status = statusOf(answer);
  }
  if (status == FilterStatus::Continue) buffer = nullptr;
  return status;
}

FilterStatus TcpContext::downstreamData(std::string& data, bool end) { return onData(downstream_, data, end, true); }

FilterStatus TcpContext::upstreamData(std::string& data, bool end) {
  FilterStatus status = onData(upstream_, data, end, false);
  if (end && created_) {
    // Envoy's filter does not see the upstream's connection, only that nothing more will come.
    const PeerType peer = stream_.host().profile().namesUpstreamCloser ? PeerType::Remote : PeerType::Unknown;
    Vm::CallScope scope(vm());
    vm().call(vm().callbacks().proxy_on_upstream_connection_close, *this, id(), peer);
  }
  return status;
}

void TcpContext::closed(PeerType peer) {
  if (!created_) return;
  const Callbacks& callbacks = vm().callbacks();
  auto tell = [&](const auto& callback, auto... arguments) {
    Vm::CallScope scope(vm());
    vm().call(callback, *this, id(), arguments...);
  };
  tell(callbacks.proxy_on_downstream_connection_close, peer);
  tell(callbacks.proxy_on_done);
  tell(callbacks.proxy_on_log);
  tell(callbacks.proxy_on_delete);
}

BufferView TcpContext::buffer(BufferType type) {
  std::string* body = nullptr;
  if (type == BufferType::DownstreamData) body = downstream_;
  if (type == BufferType::UpstreamData) body = upstream_;
  return body == nullptr ? Context::buffer(type) : BufferView{BufferView::Kind::Body, {}, body};
}

Status TcpContext::continueStream(StreamType stream) {
  const bool upstream = stream == StreamType::Upstream;
  if (!upstream && stream != StreamType::Downstream) return Status::Ok;
  if (upstream && !stream_.host().profile().continuesUpstream) return Status::Unimplemented;
  vm().afterCall([this, upstream, alive = stream_.weak_from_this()] {
    if (auto kept = alive.lock()) upstream ? kept->continueUpstream(*this) : kept->continueDownstream(*this);
  });
  return Status::Ok;
}

Status TcpContext::closeStream(StreamType stream) {
  // Both name the client's connection; the upstream's goes with it.
  if (stream != StreamType::Downstream && stream != StreamType::Upstream) return Status::Ok;
  vm().afterCall([alive = stream_.weak_from_this()] {
    if (auto kept = alive.lock()) kept->close(PeerType::Local);
  });
  return Status::Ok;
}

StreamAttributes* TcpContext::attributes() { return &stream_.attributes; }

}  // namespace sluice::host
