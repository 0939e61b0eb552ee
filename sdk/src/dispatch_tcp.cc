// Linked only into modules that register a TcpContext.
#include "sluice/internal/dispatch.h"
#include "sluice/internal/entry.h"
#include "sluice/tcp_context.h"

namespace sluice::internal {

namespace {

// Separate from the HTTP streams, so that a callback cannot confuse the two kinds, whatever id a host passes.
constinit ContextBase* tcpStreams[Dispatch::kChains] = {};

}  // namespace

void Dispatch::addTcp() { setTcpStreams(tcpStreams); }

ContextBase** Dispatch::tcpChain(uint32_t id) { return &tcpStreams[id % kChains]; }

template <StreamType kStream>
TcpContext* Dispatch::ToTcp<kStream>::begin(uint32_t id) {
  auto* stream = *linkTo(tcpChain(id), id);
  if (stream == nullptr) ignore(id);
  return static_cast<TcpContext*>(stream);
}

template <StreamType kStream>
FilterStatus Dispatch::ToTcp<kStream>::end(TcpContext& stream, FilterStatus status) {
  auto& paused = kStream == StreamType::Downstream ? stream.downstreamPaused_ : stream.upstreamPaused_;
  paused = status != FilterStatus::Continue;
  return status;
}

SLUICE_INTERNAL_TCP_CALLBACKS(SLUICE_INTERNAL_COMPILE_ENTRY)

}  // namespace sluice::internal
