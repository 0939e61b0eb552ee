#include "tcp/tcp_context.h"

namespace sluice::host {
namespace {

FilterStatus statusOf(std::optional<uint64_t> answer) {
  return answer.value_or(0) == 0 ? FilterStatus::Continue : FilterStatus::StopIteration;
}

}  // namespace

TcpContext::TcpContext(ConnectionControl& connection, std::shared_ptr<Context> root)
    : Context(root->instance(), root->plugin(), root.get()), connection_(connection), keptRoot_(std::move(root)) {}

bool TcpContext::failStream() {
  if (!instance().failure()) return false;
  connection_.close(PeerType::Local);
  return true;
}

FilterStatus TcpContext::newConnection() {
  created_ = true;
  if (!instance().failure()) {
    Instance::CallScope scope(instance());
    instance().call(instance().callbacks().proxy_on_context_create, *this, id(), root()->id());
  }
  if (failStream()) return FilterStatus::StopIteration;
  Instance::CallScope scope(instance());
  auto answer = instance().call(instance().callbacks().proxy_on_new_connection, *this, id());
  return failStream() ? FilterStatus::StopIteration : statusOf(answer);
}

FilterStatus TcpContext::showData(Direction direction, std::string& data, bool end) {
  if (!created_) return FilterStatus::Continue;
  held(direction) = &data;
  if (failStream()) return FilterStatus::StopIteration;
  FilterStatus status{};
  {
    Instance::CallScope scope(instance());
    const Callbacks& all = instance().callbacks();
    const auto& callback = direction == Direction::Request ? all.proxy_on_downstream_data : all.proxy_on_upstream_data;
    auto answer = instance().call(callback, *this, id(), data.size(), end ? 1u : 0u);
    if (failStream()) return FilterStatus::StopIteration;
    status = statusOf(answer);
  }
  if (status == FilterStatus::Continue) held(direction) = nullptr;
  return status;
}

FilterStatus TcpContext::onData(Direction direction, std::string& data, bool end) {
  const FilterStatus status = showData(direction, data, end);
  if (direction == Direction::Response && end && created_) {
    // Envoy's filter does not see the upstream connection: it sees only that no more data comes.
    const PeerType peer = connection_.info().profile.namesUpstreamCloser ? PeerType::Remote : PeerType::Unknown;
    Instance::CallScope scope(instance());
    instance().call(instance().callbacks().proxy_on_upstream_connection_close, *this, id(), peer);
  }
  return status;
}

void TcpContext::closed(PeerType peer) {
  if (!created_) return;
  const Callbacks& callbacks = instance().callbacks();
  auto tell = [&](const auto& callback, auto... arguments) {
    Instance::CallScope scope(instance());
    instance().call(callback, *this, id(), arguments...);
  };
  tell(callbacks.proxy_on_downstream_connection_close, peer);
  tell(callbacks.proxy_on_done);
  tell(callbacks.proxy_on_log);
  tell(callbacks.proxy_on_delete);
  instance().removeContext(id());  // Its id can no longer be the effective context.
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
  if (upstream && !connection_.info().profile.continuesUpstream) return Status::Unimplemented;
  // The ABI names a direction by the peer that the data comes from.
  const Direction direction = upstream ? Direction::Response : Direction::Request;
  instance().afterCall([this, direction, alive = connection_.weak_from_this()] {
    if (auto kept = alive.lock()) kept->resume(direction, *this);
  });
  return Status::Ok;
}

Status TcpContext::closeStream(StreamType stream) {
  // Both types close the client's connection, and the upstream's with it.
  if (stream != StreamType::Downstream && stream != StreamType::Upstream) return Status::Ok;
  instance().afterCall([alive = connection_.weak_from_this()] {
    if (auto kept = alive.lock()) kept->close(PeerType::Local);
  });
  return Status::Ok;
}

// A connection has the properties for times and sizes of request and response, but none for their content.
PropertyValue TcpContext::property(const PropertyPath& path) {
  if (auto value = Context::property(path)) return value;
  if (auto value = headerlessProperty(path)) return value;
  const ConnectionInfo& info = connection_.info();
  const bool opaque = path.size() == 1 && path[0] == "upstream_filter_state" && info.connected;
  if (opaque) return PropertyValue::unserializable();
  if (path.size() != 2) return info.attributes.property(path);
  if (path[0] == "upstream") return upstreamProperty(path, info.connected);
  if (path[0] == "xds" && info.connected) {
    if (auto value = clusterProperty(path, true)) return value;
  }
  const bool isSize = path[1] == "size" || path[1] == "total_size";
  if (path[0] == "request") {
    if (path[1] == "time") return propertyInteger(static_cast<int64_t>(info.attributes.startTime));
    if (isSize) return propertyInteger(static_cast<int64_t>(info.bytesRead));
  }
  if (path[0] == "response") {
    if (path[1] == "flags") return propertyInteger(info.flags);
    if (isSize) return propertyInteger(static_cast<int64_t>(info.answer.data().size()));
  }
  return info.attributes.property(path);
}

}  // namespace sluice::host
