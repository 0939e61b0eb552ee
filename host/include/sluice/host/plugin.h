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

/// A filter as a proxy's configuration names it. Made by Host::load; destroying it, or the host, ends it: on_done,
/// on_delete.
class Plugin {
 public:
  /// For the library itself: see Host::load.
  explicit Plugin(std::shared_ptr<PluginImpl> impl);
  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  /// on_vm_start and on_configure answered true. A proxy refuses to start otherwise.
  [[nodiscard]] bool configured() const;
  /// The trap that stopped the filter's VM, or nothing while it is alive.
  [[nodiscard]] const std::optional<Error>& failure() const;

  /// A new stream through this filter alone. See Host::openStream for a chain.
  std::unique_ptr<HttpStream> openStream();
  /// A new TCP connection through this filter alone, which sees it at once. See Host::openTcpStream for a chain.
  std::unique_ptr<TcpStream> openTcpStream();
  /// Plays a whole exchange: `request` goes up, and when the upstream has all of it, `response` comes down.
  /// The stream ends with it, also when a filter has not let everything through.
  Exchange send(const Message& request, const Message& response);

  /// What the filter has cost since it was loaded (a VM that filters share counts for all of them).
  [[nodiscard]] Counts counts() const;
  /// The same for each callback.
  [[nodiscard]] const CountsByCallback& countsByCallback() const;
  /// Linear memory now, in 64-KiB pages; 0 in a native run.
  [[nodiscard]] uint32_t memoryPages() const;

  /// The guest's id of the root context.
  [[nodiscard]] uint32_t rootContextId() const;
  /// What the filter was loaded with.
  [[nodiscard]] const PluginOptions& options() const;
  /// The module's ABI: 10, 20 or 21 for 0.1.0, 0.2.0 and 0.2.1.
  [[nodiscard]] int abiVersion() const;
  /// Whether the module exports a function of this name.
  [[nodiscard]] bool exports(std::string_view function) const;

  /// Calls on_foreign_function of the root context with `arguments`.
  void foreignFunction(uint32_t functionId, std::string_view arguments);
  /// Ends the filter: on_done, and on_delete unless the filter asks to wait for proxy_done. Answers whether it is
  /// deleted.
  bool shutdown();

  /// For tests of bad hosts: calls an exported function with any arguments, in any order, for any context id. Answers
  /// its result (0 for none) or throws an Error for a trap. Hostcalls that it makes see context `effective` (0: the
  /// VM's root).
  uint64_t callback(std::string_view function, const std::vector<uint64_t>& arguments, uint32_t effective = 0);

  /// For the library itself.
  [[nodiscard]] const std::shared_ptr<PluginImpl>& impl() const { return impl_; }

 private:
  std::shared_ptr<PluginImpl> impl_;
};

}  // namespace sluice::host
