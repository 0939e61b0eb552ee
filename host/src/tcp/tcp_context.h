// A filter in a TCP connection: the stream context of one plugin.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "abi/context.h"
#include "tcp/connection_control.h"

namespace sluice::host {

class TcpContext final : public Context {
 public:
  /// `root` is the plugin's root context in the VM that the connection runs in, also when the plugin is reloaded later.
  TcpContext(ConnectionControl& connection, std::shared_ptr<Context> root);

  // --- The filter's callbacks, in Envoy's terms
  /// on_context_create and on_new_connection, the first time; answers as the filter did.
  FilterStatus newConnection();
  [[nodiscard]] bool created() const { return created_; }
  /// `data` is all that the filter has not let pass yet.
  FilterStatus onData(Direction direction, std::string& data, bool end);
  /// The connection to the client has closed: that callback, then on_done, on_log, on_delete.
  void closed(PeerType peer);

  // --- What hostcalls do
  BufferView buffer(BufferType type) override;
  Status continueStream(StreamType stream) override;
  Status closeStream(StreamType stream) override;
  StreamAttributes* attributes() override { return &connection_.info().attributes; }

 protected:
  PropertyValue property(const PropertyPath& path) override;

 private:
  /// The VM has failed: the connection is closed.
  bool failStream();
  std::string*& held(Direction direction) { return direction == Direction::Request ? downstream_ : upstream_; }
  FilterStatus showData(Direction direction, std::string& data, bool end);

  ConnectionControl& connection_;
  std::shared_ptr<Context> keptRoot_;
  std::string* downstream_ = nullptr;  // What the filter may touch: in its callback, and while it holds data back.
  std::string* upstream_ = nullptr;
  bool created_ = false;
};

}  // namespace sluice::host
