// A filter, loaded into a VM and configured.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/abi.h"
#include "sluice/host/counts.h"
#include "sluice/host/error.h"
#include "sluice/host/http_stream.h"
#include "sluice/host/message.h"
#include "sluice/host/plugin_options.h"
#include "sluice/host/received.h"
#include "sluice/host/tcp_stream.h"

namespace sluice::host {

class PluginImpl;

/// A filter as one entry of a proxy's configuration. Host::load makes it. Destroying the Plugin or the Host ends the
/// filter: the host calls on_done and on_delete.
class Plugin {
 public:
  /// For the library itself: call Host::load.
  explicit Plugin(std::shared_ptr<PluginImpl> impl);
  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  /// Whether on_vm_start and on_configure both returned true. If not, a real proxy refuses to start.
  [[nodiscard]] bool configured() const;
  /// The trap that stopped the filter's VM, or nothing while the VM is alive.
  [[nodiscard]] const std::optional<Error>& failure() const;

  /// Opens an HTTP stream through this filter alone. See Host::openStream for a chain.
  std::unique_ptr<HttpStream> openStream();
  /// Opens a TCP connection through this filter alone and calls its on_new_connection. See Host::openTcpStream for a
  /// chain.
  std::unique_ptr<TcpStream> openTcpStream();
  /// Plays a whole exchange: sends `request`, and `response` once the upstream has received the whole request. While
  /// filters hold a message back, it lets time pass, one minute at most: replies to callouts, timeouts and ticks happen
  /// when they are due. Then it closes the stream. When the client has not received the whole response by then,
  /// Received::waiting of the response says who waits for what.
  Exchange send(const Message& request, const Message& response);

  /// What the filter's VM has cost since it was loaded. When filters share a VM, the counts are the sum over all of
  /// them.
  [[nodiscard]] Counts counts() const;
  /// The counts of the filter's VM for each callback.
  [[nodiscard]] const CountsByCallback& countsByCallback() const;
  /// The current size of linear memory, in 64-KiB pages; 0 in a native run.
  [[nodiscard]] uint32_t memoryPages() const;

  /// The id of the filter's root context.
  [[nodiscard]] uint32_t rootContextId() const;
  /// The options that the filter was loaded with.
  [[nodiscard]] const PluginOptions& options() const;
  /// The ABI version of the module: 10, 20 or 21 for 0.1.0, 0.2.0 or 0.2.1.
  [[nodiscard]] int abiVersion() const;
  /// Whether the module exports a function of this name.
  [[nodiscard]] bool exports(std::string_view function) const;

  /// Calls the root context's on_foreign_function with `arguments`.
  void foreignFunction(uint32_t functionId, std::string_view arguments);
  /// Ends the filter: calls on_done, and on_delete unless on_done asks the host to wait for proxy_done. Returns whether
  /// the root context is deleted.
  bool shutdown();

  /// Calls an exported function with any arguments, for any context id, in any order, so that a test can play a faulty
  /// host. Returns the function's result (0 when it has none), or throws an Error when it traps. Its hostcalls act on
  /// the context `effective` (0: the VM's own context).
  uint64_t callback(std::string_view function, const std::vector<uint64_t>& arguments, uint32_t effective = 0);

  /// For the library itself.
  [[nodiscard]] const std::shared_ptr<PluginImpl>& impl() const { return impl_; }

 private:
  std::shared_ptr<PluginImpl> impl_;
};

}  // namespace sluice::host
