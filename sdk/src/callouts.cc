#include "sluice/internal/callouts.h"

#include "sluice/callout_status.h"
#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"
#include "sluice/internal/wasm_global.h"
#include "sluice/log.h"

namespace sluice::internal {

namespace {

constexpr uint32_t kChains = 64;
// By call id; HTTP calls and gRPC calls have separate ids.
constinit ChainLink* httpCalls[kChains] = {};
constinit ChainLink* grpcCalls[kChains] = {};
// Owned objects, by the owner's address.
constinit ChainLink* owned[kChains] = {};

static WasmGlobal<uint32_t> deliveryCount;
static WasmGlobal<uint32_t> currentDelivery;  // or 0
static WasmGlobal<uint32_t> forsaken;  // number of callouts that may still get a reply although nothing waits for it

// Divided by four, because some hosts count their ids in steps of four.
ChainLink*& chainOf(ChainLink* (&chains)[kChains], uint32_t id) { return chains[id / 4 % kChains]; }
ChainLink*& chainOf(const ContextBase& owner) { return owned[reinterpret_cast<uintptr_t>(&owner) / 16 % kChains]; }

}  // namespace

void ChainLink::enter(ChainLink*& chain) {
  next_ = chain;
  self_ = &chain;
  if (next_ != nullptr) next_->self_ = &next_;
  chain = this;
}

void ChainLink::leave() {
  if (!linked()) return;
  *self_ = next_;
  if (next_ != nullptr) next_->self_ = self_;
  self_ = nullptr;
}

void Owned::own(ContextBase& owner) {
  owner_ = &owner;
  enter(chainOf(owner));
}

void Owned::disown() { leave(); }

void Pending::wait(ChainLink*& chain, ContextBase& context, uint32_t id) {
  context_ = &context;
  id_ = id;
  enter(chain);
}

void Pending::waitForHttp(ContextBase& context, uint32_t id) { wait(chainOf(httpCalls, id), context, id); }
void Pending::waitForGrpc(ContextBase& context, uint32_t id) { wait(chainOf(grpcCalls, id), context, id); }
void Pending::stopWaiting() { leave(); }

void Pending::forsake() {
  if (!linked()) return;
  leave();
  ++forsaken;
}

uint32_t Callouts::deliveries() { return deliveryCount; }
bool Callouts::isCurrent(uint32_t delivery) { return delivery != 0 && delivery == currentDelivery; }

void Callouts::dropOwned(const ContextBase& context) {
  auto* link = chainOf(context);
  while (link != nullptr) {
    auto* const it = static_cast<Owned*>(link);
    link = link->next();
    if (it->owner() != &context) continue;
    it->drop();
    link = chainOf(context);  // drop() may have destroyed other elements, too
  }
}

Owned* Callouts::ownedBy(const ContextBase& context) { return static_cast<Owned*>(chainOf(context)); }

// Whether the chain that begins with `link` has `wanted` in it.
static bool isIn(const ChainLink* link, const ChainLink* wanted) {
  while (link != nullptr && link != wanted) link = link->next();
  return link != nullptr;
}

bool Callouts::owns(const ContextBase& context, const Owned* object) { return isIn(chainOf(context), object); }

bool Callouts::waitsForGrpc(const Pending* pending, uint32_t id) { return isIn(chainOf(grpcCalls, id), pending); }

void Callouts::deliver(ChainLink* chain, uint32_t rootId, uint32_t callId, const Delivery& delivery) {
  for (; chain != nullptr; chain = chain->next()) {
    auto& pending = *static_cast<Pending*>(chain);
    const auto& context = *pending.context_;
    // Older hosts number the calls of each root context separately.
    if (pending.id_ != callId || context.root_->id_ != rootId || context.end_ == StreamEnd::Deleted) continue;
    if (context.id_ != rootId)
      warnUnlessOk(abi::proxy_set_effective_context(context.id_), "sluice: making the caller the effective context");
    const uint32_t outer = currentDelivery;
    if (++deliveryCount == 0) ++deliveryCount;
    currentDelivery = deliveryCount;
    pending.deliver(delivery);
    currentDelivery = outer;
    return;
  }
  if (forsaken != 0) {
    --forsaken;
    logDebug("sluice: nobody waits any more for the reply to callout ", callId);
  } else {
    logWarn("sluice: ignored a reply: no callout has the id ", callId);
  }
}

void Callouts::onHttpCallResponse(uint32_t rootId, uint32_t callId, uint32_t headers, size_t bodySize,
                                  uint32_t trailers) {
  const CallbackScope scope;
  deliver(chainOf(httpCalls, callId), rootId, callId, {{}, headers, bodySize, trailers, {}});
}

void Callouts::deliverGrpc(uint32_t rootId, uint32_t callId, const Delivery& delivery) {
  const CallbackScope scope;
  deliver(chainOf(grpcCalls, callId), rootId, callId, delivery);
}

void Callouts::onGrpcReceiveInitialMetadata(uint32_t rootId, uint32_t callId, uint32_t count) {
  deliverGrpc(rootId, callId, {Delivery::Event::InitialMetadata, count, 0, 0, GrpcStatus::Ok});
}
void Callouts::onGrpcReceive(uint32_t rootId, uint32_t callId, size_t size) {
  deliverGrpc(rootId, callId, {Delivery::Event::Message, 0, size, 0, GrpcStatus::Ok});
}
void Callouts::onGrpcReceiveTrailingMetadata(uint32_t rootId, uint32_t callId, uint32_t count) {
  deliverGrpc(rootId, callId, {Delivery::Event::TrailingMetadata, count, 0, 0, GrpcStatus::Ok});
}
void Callouts::onGrpcClose(uint32_t rootId, uint32_t callId, GrpcStatus status) {
  deliverGrpc(rootId, callId, {Delivery::Event::Close, 0, 0, 0, status});
}

Status Callouts::expectStray(Status sent) {
  if (sent == Status::InternalFailure) ++forsaken;
  return sent;
}

Status Callouts::failure() {
  const auto status = calloutStatus();
  if (!status || status->code == 0) return Status::InternalFailure;
  return static_cast<Status>(status->code);
}

Result<std::string_view> Callouts::failureMessage() {
  const auto status = calloutStatus();
  if (!status) return status.status();
  return status->message;
}

}  // namespace sluice::internal
