#include "connection.h"

using namespace sluice;

namespace script {

void Connection::onCreate() {
  logTrace("connection ", id(), ": onCreate");
  run("onCreate", 0);
}

FilterStatus Connection::onNewConnection() {
  logTrace("connection ", id(), ": onNewConnection");
  return static_cast<FilterStatus>(run("onNewConnection", 0));
}

FilterStatus Connection::onDownstreamData(size_t size, bool endOfStream) {
  logTrace("connection ", id(), ": onDownstreamData ", size, ' ', endOfStream);
  return static_cast<FilterStatus>(run("onDownstreamData", 0));
}

FilterStatus Connection::onUpstreamData(size_t size, bool endOfStream) {
  logTrace("connection ", id(), ": onUpstreamData ", size, ' ', endOfStream);
  return static_cast<FilterStatus>(run("onUpstreamData", 0));
}

void Connection::onDownstreamConnectionClose(PeerType closedBy) {
  logTrace("connection ", id(), ": onDownstreamConnectionClose ", closedBy);
  run("onDownstreamConnectionClose", 0);
}

void Connection::onUpstreamConnectionClose(PeerType closedBy) {
  logTrace("connection ", id(), ": onUpstreamConnectionClose ", closedBy);
  run("onUpstreamConnectionClose", 0);
}

bool Connection::onDone() {
  logTrace("connection ", id(), ": onDone");
  return run("onDone", 1) != 0;
}

void Connection::onLog() {
  logTrace("connection ", id(), ": onLog");
  run("onLog", 0);
}

void Connection::onDelete() {
  logTrace("connection ", id(), ": onDelete");
  run("onDelete", 0);
}

Connection::~Connection() { logTrace("connection ", id(), ": gone"); }

bool callConnection(const Call& call, Connection& connection) {
  if (call.function == "continueDownstream") {
    call.report(connection.continueDownstream());
  } else if (call.function == "continueUpstream") {
    call.report(connection.continueUpstream());
  } else if (call.function == "closeDownstream") {
    call.report(connection.closeDownstream());
  } else if (call.function == "closeUpstream") {
    call.report(connection.closeUpstream());
  } else if (call.function == "connection.buffers") {
    // The accessors of the context; the other functions make their own Buffer.
    call.report(connection.downstreamData().size());
    call.report(connection.upstreamData().size());
  } else {
    return false;
  }
  return true;
}

}  // namespace script
