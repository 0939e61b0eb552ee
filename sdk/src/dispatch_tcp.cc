// Only in modules that register a TcpContext.
#include "sluice/internal/dispatch.h"
#include "sluice/internal/runtime.h"
#include "sluice/tcp_context.h"

namespace sluice::internal {

namespace {

// Apart from the HTTP streams, so that a callback cannot take one kind for the other, whatever id a host gives.
constinit ContextBase* tcpStreams[Dispatch::kChains] = {};

FilterStatus notePause(bool& paused, FilterStatus status) {
  paused = status != FilterStatus::Continue;
  return status;
}

}  // namespace

void Dispatch::addTcp() { setTcpStreams(tcpStreams); }

ContextBase** Dispatch::tcpChain(uint32_t id) { return &tcpStreams[id % kChains]; }

TcpContext* Dispatch::findTcp(uint32_t id) {
  auto* stream = *linkTo(tcpChain(id), id);
  if (stream == nullptr) ignore(id);
  return static_cast<TcpContext*>(stream);
}

FilterStatus Dispatch::onNewConnection(uint32_t id) {
  const CallbackScope scope;
  auto* stream = findTcp(id);
  return stream == nullptr ? FilterStatus::Continue : notePause(stream->downstreamPaused_, stream->onNewConnection());
}

FilterStatus Dispatch::onDownstreamData(uint32_t id, size_t size, uint32_t endOfStream) {
  const CallbackScope scope;
  auto* stream = findTcp(id);
  if (stream == nullptr) return FilterStatus::Continue;
  return notePause(stream->downstreamPaused_, stream->onDownstreamData(size, endOfStream != 0));
}

FilterStatus Dispatch::onUpstreamData(uint32_t id, size_t size, uint32_t endOfStream) {
  const CallbackScope scope;
  auto* stream = findTcp(id);
  if (stream == nullptr) return FilterStatus::Continue;
  return notePause(stream->upstreamPaused_, stream->onUpstreamData(size, endOfStream != 0));
}

void Dispatch::onDownstreamConnectionClose(uint32_t id, PeerType closedBy) {
  const CallbackScope scope;
  if (auto* stream = findTcp(id)) stream->onDownstreamConnectionClose(closedBy);
}

void Dispatch::onUpstreamConnectionClose(uint32_t id, PeerType closedBy) {
  const CallbackScope scope;
  if (auto* stream = findTcp(id)) stream->onUpstreamConnectionClose(closedBy);
}

}  // namespace sluice::internal
