// A context: what hostcalls act on. The base class is a VM's own context; root contexts and stream contexts derive from
// it, and each answers for what it has.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "abi/callouts.h"
#include "abi/header_map.h"
#include "abi/instance.h"
#include "abi/properties.h"
#include "abi/stream_attributes.h"
#include "sluice/abi.h"
#include "sluice/host/plugin_options.h"

namespace sluice::host {

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

/// What hostcalls act on.
class Context : public std::enable_shared_from_this<Context> {
 public:
  /// `plugin` and `root` are null in a VM's own context; a root context is its own root.
  Context(Instance& instance, std::shared_ptr<const PluginOptions> plugin, Context* root);
  virtual ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[nodiscard]] uint32_t id() const { return id_; }
  Instance& instance() { return instance_; }
  /// The root context of this one, or null in a VM's own.
  Context* root() { return root_; }
  /// The plugin's options, or null in a VM's own context.
  [[nodiscard]] const std::shared_ptr<const PluginOptions>& plugin() const { return plugin_; }
  /// The name in front of log lines: the plugin's, or in a VM's own context that of the plugin it was made for.
  [[nodiscard]] const std::string& logName() const;

  // --- Maps and buffers
  /// The map to be changed, or null when there is none now.
  virtual HeaderMap* writableMap(MapType) { return nullptr; }
  /// The map to be read, or null when there is none now.
  virtual const HeaderMap* readableMap(MapType map);
  /// Whether on_log runs, where absent maps read as empty.
  [[nodiscard]] virtual bool logging() const { return false; }
  virtual BufferView buffer(BufferType type);

  // --- The stream, where the context has one
  virtual Status continueStream(StreamType stream);
  virtual Status closeStream(StreamType) { return Status::Ok; }
  virtual void sendLocalResponse(LocalResponse) {}

  // --- Properties
  /// The bytes of the property at `path` (segments separated by zero bytes), or nothing. What the test has set comes
  /// first: for the stream, then for all contexts, which is `hostWide`.
  std::optional<std::string> findProperty(std::string_view path, const PropertyMap& hostWide);
  /// NotFound in a context without a stream, BadArgument for a read-only property that has a value.
  Status setProperty(std::string_view path, std::string_view value);
  /// What HTTP streams and TCP connections have in common, or null in a context without a stream.
  virtual StreamAttributes* attributes() { return nullptr; }
  /// Properties that declare_property has declared in this context: whether they can be written once only. Those of the
  /// root context hold for its streams.
  std::map<std::string, bool, std::less<>> declaredProperties;

  // --- What a root context does for its plugin; stream contexts leave it to theirs
  /// Calls to other services, or null in a VM's own context.
  virtual Callouts* callouts() { return isRoot() ? nullptr : root_->callouts(); }
  /// BadArgument in a VM's own context.
  virtual Status setTickPeriod(uint32_t milliseconds);
  /// proxy_done: NotFound unless the guest has asked to wait for it.
  virtual Status confirmDone();
  /// on_queue_ready, in a root context.
  virtual void queueReady(uint32_t) {}

 protected:
  /// A property of this context that no test has set.
  virtual std::optional<std::string> property(const PropertyPath& path);

 private:
  [[nodiscard]] bool isRoot() const { return root_ == nullptr || root_ == this; }

  Instance& instance_;
  std::shared_ptr<Instance> kept_;  // The instance lives as long as contexts in it do, its own aside.
  std::shared_ptr<const PluginOptions> plugin_;
  Context* root_;
  uint32_t id_;
};

}  // namespace sluice::host
