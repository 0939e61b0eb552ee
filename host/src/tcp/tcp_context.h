// The stream context of a plugin: one filter in a TCP connection.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "abi/context.h"
#include "tcp/connection_control.h"

namespace sluice::host {

class TcpContext final : public Context {
 public:
  /// `root` is the plugin's root context in the connection's VM; it stays the same when the plugin is reloaded later.
  TcpContext(ConnectionControl& connection, std::shared_ptr<Context> root);

  // --- The filter's callbacks
  /// Calls on_context_create and on_new_connection; returns the filter's status.
  FilterStatus newConnection();
  [[nodiscard]] bool created() const { return created_; }
  /// Calls on_downstream_data or on_upstream_data. `data` is all the data that the filter has not let pass yet.
  FilterStatus onData(Direction direction, std::string& data, bool end);
  /// Calls on_downstream_connection_close, then on_done, on_log, on_delete.
  void closed(PeerType peer);

  // --- Called by hostcalls
  BufferView buffer(BufferType type) override;
  Status continueStream(StreamType stream) override;
  Status closeStream(StreamType stream) override;
  StreamAttributes* attributes() override { return &connection_.info().attributes; }

 protected:
  PropertyValue property(const PropertyPath& path) override;

 private:
  /// When the VM has failed, closes the connection and returns true.
  bool failStream();
  std::string*& held(Direction direction) { return direction == Direction::Request ? downstream_ : upstream_; }
  FilterStatus showData(Direction direction, std::string& data, bool end);

  ConnectionControl& connection_;
  std::shared_ptr<Context> keptRoot_;
  std::string* downstream_ = nullptr;  // Set in the callback, and while the filter holds data back.
  std::string* upstream_ = nullptr;
  bool created_ = false;
};

}  // namespace sluice::host
