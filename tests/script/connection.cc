#include "connection.h"

#include <utility>

using namespace sluice;

namespace script {

void Connection::onCreate() { happen(callback("onCreate")); }

FilterStatus Connection::onNewConnection() { return static_cast<FilterStatus>(happen(callback("onNewConnection"))); }

FilterStatus Connection::onDownstreamData(size_t size, bool endOfStream) {
  return static_cast<FilterStatus>(happen(callback("onDownstreamData"), std::to_string(size), endOfStream));
}

FilterStatus Connection::onUpstreamData(size_t size, bool endOfStream) {
  return static_cast<FilterStatus>(happen(callback("onUpstreamData"), std::to_string(size), endOfStream));
}

void Connection::onDownstreamConnectionClose(PeerType closedBy) {
  happen(callback("onDownstreamConnectionClose"), std::string(toString(closedBy)));
}

void Connection::onUpstreamConnectionClose(PeerType closedBy) {
  happen(callback("onUpstreamConnectionClose"), std::string(toString(closedBy)));
}

bool Connection::onDone() { return happen(callback("onDone"), {}, {}, 1) != 0; }

void Connection::onLog() { happen(callback("onLog")); }

void Connection::onDelete() { happen(callback("onDelete")); }

Connection::~Connection() {
  logTrace("connection ", id(), ": gone");
  root_.forget(id());
}

int Connection::happen(const Callback& callback, std::string detail, std::optional<bool> endOfStream, int answer) {
  tell({"connection", id(), callback, std::move(detail), endOfStream});
  return root_.run(callback, {root_, id(), nullptr, this, answer}, endOfStream.value_or(false));
}

}  // namespace script
