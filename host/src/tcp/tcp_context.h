// A filter in a TCP connection: the stream context of one plugin.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "abi/context.h"

namespace sluice::host {

class TcpStreamImpl;

class TcpContext final : public Context {
 public:
  TcpContext(TcpStreamImpl& stream, const std::shared_ptr<PluginImpl>& plugin);

  // --- The filter's callbacks, in Envoy's terms
  /// on_context_create and on_new_connection, the first time; answers as the filter did.
  FilterStatus newConnection();
  [[nodiscard]] bool created() const { return created_; }
  /// `data` is all that the filter has not let pass yet.
  FilterStatus downstreamData(std::string& data, bool end);
  FilterStatus upstreamData(std::string& data, bool end);
  /// The connection to the client has closed: that callback, then on_done, on_log, on_delete.
  void closed(PeerType peer);

  // --- What hostcalls do
  BufferView buffer(BufferType type) override;
  Status continueStream(StreamType stream) override;
  Status closeStream(StreamType stream) override;
  StreamAttributes* attributes() override;
  TcpStreamImpl* tcpStream() override { return &stream_; }

 private:
  /// The VM has failed: the connection is closed.
  bool failStream();
  FilterStatus onData(std::string*& buffer, std::string& data, bool end, bool downstream);

  TcpStreamImpl& stream_;
  std::shared_ptr<PluginImpl> plugin_;
  std::shared_ptr<RootContext> root_;  // That of the VM this connection runs in, also when the plugin is reloaded.
  std::string* downstream_ = nullptr;  // What the filter may touch: in its callback, and while it holds data back.
  std::string* upstream_ = nullptr;
  bool created_ = false;
};

}  // namespace sluice::host
