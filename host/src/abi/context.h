// A context, the object that hostcalls act on. The base class is the VM's own context; root contexts and stream
// contexts derive from it and override the hostcalls that they support.
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

/// The buffer that a hostcall acts on.
struct BufferView {
  enum class Kind {
    None,      ///< The buffer does not exist now: NotFound.
    Absent,    ///< The kind of stream has it, but it holds nothing now: reads as empty, cannot be written.
    Constant,  ///< Can be read.
    Body,      ///< Can be read and written.
  };
  Kind kind = Kind::None;
  std::string_view constant = {};
  std::string* body = nullptr;

  [[nodiscard]] std::string_view bytes() const { return kind == Kind::Body ? std::string_view(*body) : constant; }
};

/// The response that a filter passes to send_local_response.
struct LocalResponse {
  uint32_t status = 0;
  std::string details;
  std::string body;
  Headers headers;
  std::optional<uint32_t> grpcStatus;
};

/// A context. See the top of this file.
class Context : public std::enable_shared_from_this<Context> {
 public:
  /// `plugin` and `root` are null in a VM's own context; a root context is its own root.
  Context(Instance& instance, std::shared_ptr<const PluginOptions> plugin, Context* root);
  virtual ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[nodiscard]] uint32_t id() const { return id_; }
  Instance& instance() { return instance_; }
  /// The context's root context, or null in a VM's own context.
  Context* root() { return root_; }
  /// The plugin's options, or null in a VM's own context.
  [[nodiscard]] const std::shared_ptr<const PluginOptions>& plugin() const { return plugin_; }
  /// The name that prefixes log lines: the plugin's name; in a VM's own context, the name of the plugin that the VM was
  /// made for.
  [[nodiscard]] const std::string& logName() const;

  // --- Maps and buffers
  /// The map for writing, or null when there is none now.
  virtual HeaderMap* writableMap(MapType) { return nullptr; }
  /// The map for reading, or null when there is none now.
  virtual const HeaderMap* readableMap(MapType map);
  /// Whether on_log is running; absent maps then read as empty.
  [[nodiscard]] virtual bool logging() const { return false; }
  virtual BufferView buffer(BufferType type);

  // --- Stream (contexts with a stream)
  virtual Status continueStream(StreamType stream);
  virtual Status closeStream(StreamType) { return Status::Ok; }
  virtual void sendLocalResponse(LocalResponse) {}

  // --- Properties
  /// The property at `path` (segments separated by zero bytes). Values that the test has set take precedence: first
  /// those for the stream, then those for all contexts (`hostWide`).
  PropertyValue findProperty(std::string_view path, const PropertyMap& hostWide);
  /// Returns NotFound in a context without a stream, and BadArgument for a read-only property that has a value.
  Status setProperty(std::string_view path, std::string_view value);
  /// What the properties take that hostcalls have set or declared in this context, about.
  [[nodiscard]] uint64_t propertyBytes() const { return propertyBytes_; }
  void countProperty(uint64_t bytes) { propertyBytes_ += bytes; }
  /// The attributes that HTTP streams and TCP connections share, or null in a context without a stream.
  virtual StreamAttributes* attributes() { return nullptr; }
  /// Properties declared with declare_property in this context, and whether each can be written only once. Declarations
  /// in the root context apply to its streams.
  std::map<std::string, bool, std::less<>> declaredProperties;

  // --- Plugin-wide calls: a stream context forwards them to its root context
  /// The calls to other services, or null in a VM's own context.
  virtual Callouts* callouts() { return isRoot() ? nullptr : root_->callouts(); }
  /// Returns BadArgument in a VM's own context.
  virtual Status setTickPeriod(uint32_t milliseconds);
  /// proxy_done: returns NotFound unless on_done asked the host to wait for it.
  virtual Status confirmDone();
  /// Calls on_queue_ready in a root context.
  virtual void queueReady(uint32_t) {}

 protected:
  /// The value of a property that the test has not set.
  virtual PropertyValue property(const PropertyPath& path);

 private:
  [[nodiscard]] bool isRoot() const { return root_ == nullptr || root_ == this; }

  Instance& instance_;
  std::shared_ptr<Instance> kept_;  // Keeps the instance alive; null in the VM's own context.
  std::shared_ptr<const PluginOptions> plugin_;
  Context* root_;
  uint32_t id_;
  uint64_t propertyBytes_ = 0;
};

}  // namespace sluice::host
