// A context: what hostcalls act on. The base class is the VM's own; roots and streams derive from it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "abi/header_map.h"
#include "sluice/abi.h"
#include "vm.h"

namespace sluice::host {

class PluginImpl;
class RootContext;
class StreamImpl;
class TcpStreamImpl;
struct StreamAttributes;

/// What a buffer hostcall acts on.
struct BufferView {
  enum class Kind {
    None,      ///< There is no such buffer now: NotFound.
    Absent,    ///< It exists for this kind of stream but holds nothing now: reads as empty, cannot be written.
    Constant,  ///< Can be read.
    Body,      ///< Can be read and written.
  };
  Kind kind = Kind::None;
  std::string_view constant = {};
  std::string* body = nullptr;

  [[nodiscard]] std::string_view bytes() const { return kind == Kind::Body ? std::string_view(*body) : constant; }
};

/// What send_local_response asks for.
struct LocalResponse {
  uint32_t status = 0;
  std::string details;
  std::string body;
  Headers headers;
  std::optional<uint32_t> grpcStatus;
};

class Context {
 public:
  Context(Vm& vm, PluginImpl* plugin, RootContext* root);
  virtual ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[nodiscard]] uint32_t id() const { return id_; }
  Vm& vm() { return vm_; }
  /// The plugin, or null in the VM's own context.
  PluginImpl* plugin() { return plugin_; }
  /// The root context of this one (a root context is its own), or null in the VM's own.
  RootContext* root() { return root_; }

  /// The map to be changed, or null when there is none now.
  virtual HeaderMap* writableMap(MapType) { return nullptr; }
  /// The map to be read, or null when there is none now.
  virtual const HeaderMap* readableMap(MapType map);
  /// Whether on_log runs, where absent maps read as empty.
  virtual bool logging() const { return false; }
  virtual BufferView buffer(BufferType type);

  virtual Status continueStream(StreamType stream);
  virtual Status closeStream(StreamType) { return Status::Ok; }
  virtual void sendLocalResponse(LocalResponse) {}

  /// NotFound in a context without a stream, BadArgument for a read-only property that has a value.
  Status setProperty(std::string_view path, std::string_view value);
  /// The stream that properties are about, or null…
  virtual StreamAttributes* attributes() { return nullptr; }
  /// … as an HTTP stream, or as a TCP connection.
  virtual StreamImpl* stream() { return nullptr; }
  virtual TcpStreamImpl* tcpStream() { return nullptr; }

  /// Properties that declare_property has declared in this context: whether they can be written once only. Those of the
  /// root context hold for its streams.
  std::map<std::string, bool, std::less<>> declaredProperties;

 private:
  Vm& vm_;
  std::shared_ptr<Vm> kept_;  // The VM lives as long as contexts in it do, its own aside.
  PluginImpl* plugin_;
  RootContext* root_;
  uint32_t id_;
};

}  // namespace sluice::host
