// The mock host: a proxy for tests, with one filter or several, a clock that the test moves, and everything captured.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/abi.h"
#include "sluice/host/callout.h"
#include "sluice/host/error.h"
#include "sluice/host/grpc.h"
#include "sluice/host/grpc_call.h"
#include "sluice/host/http_stream.h"
#include "sluice/host/log_line.h"
#include "sluice/host/metric.h"
#include "sluice/host/plugin.h"
#include "sluice/host/plugin_options.h"
#include "sluice/host/profile.h"
#include "sluice/host/tcp_stream.h"

namespace sluice::host {

class HostImpl;

/// A function of the host that a guest calls with proxy_call_foreign_function: gets the arguments, fills in the result.
using ForeignFunction = std::function<Status(std::string_view arguments, std::string* result)>;

/// One proxy. Everything happens in the calling thread, when the test makes it happen; nothing depends on wall time.
class Host {
 public:
  /// A proxy that behaves as `profile` says.
  explicit Host(Profile profile = Profile::envoy());
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Loads a filter: a `.wasm` module, or the shared library of its native build (`.so`), and runs on_vm_start and
  /// on_configure. Throws an Error when the module cannot be loaded; a trap or a refused configuration is told by
  /// Plugin::configured and Plugin::failure.
  std::shared_ptr<Plugin> load(const std::filesystem::path& path, PluginOptions options = {});
  /// The same for the bytes of a `.wasm` module; `name` stands for the file in messages.
  std::shared_ptr<Plugin> loadModule(std::string_view bytes, std::string_view name, PluginOptions options = {});
  /// A new stream through several filters: the request passes them in order, the response in reverse. The plugins have
  /// to be kept for as long as it is open: one that is destroyed is done.
  std::unique_ptr<HttpStream> openStream(const std::vector<std::shared_ptr<Plugin>>& chain);
  /// A new TCP connection through several filters, which see it at once.
  std::unique_ptr<TcpStream> openTcpStream(const std::vector<std::shared_ptr<Plugin>>& chain);

  // --- Time
  /// Nanoseconds since 1970. Starts at 2024-01-01T00:00:00Z.
  [[nodiscard]] uint64_t now() const;
  /// Sets the clock without running anything.
  void setTime(uint64_t nanosecondsSince1970);
  /// Moves the clock on and runs what falls due on the way, in order: ticks, timeouts, replies.
  void advance(std::chrono::nanoseconds duration);
  /// How long it is until the next tick, timeout or reply; nothing where nothing is to come.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> untilNext() const;
  /// Runs what is due now, such as a callout's immediate reply.
  void runPending() { advance(std::chrono::nanoseconds(0)); }

  // --- Logs
  /// What filters logged at or above the log level, oldest first.
  [[nodiscard]] const std::vector<LogLine>& logs() const;
  /// Forgets what was logged so far.
  void clearLogs();
  /// Lines below `level` are dropped, and guests that ask are told so. Starts at Trace.
  void setLogLevel(LogLevel level);

  // --- Shared state
  /// Shared data of the VMs with this vm_id: a value, or nothing when there is none.
  [[nodiscard]] std::optional<std::string> sharedData(std::string_view vmId, std::string_view key) const;
  /// Sets a value of shared data, as a guest of these VMs would.
  void setSharedData(std::string_view vmId, std::string_view key, std::string_view value);
  /// The id of a registered queue, or nothing.
  [[nodiscard]] std::optional<uint32_t> sharedQueue(std::string_view vmId, std::string_view name) const;
  /// Puts a value into a queue, as a guest would.
  Status enqueue(uint32_t queue, std::string_view value);
  /// How many values wait in a queue.
  [[nodiscard]] size_t queueSize(uint32_t queue) const;
  /// A metric by the name that the filter gave it, or nothing.
  [[nodiscard]] std::optional<Metric> metric(std::string_view name) const;
  /// Makes a function that filters may call by name, also in place of one of Envoy's own: those that a real Envoy has
  /// are played as far as a filter can tell (clear_route_cache, declare_property, set_envoy_filter_state).
  void registerForeignFunction(std::string name, ForeignFunction function);
  /// Sets an attribute for all streams and root contexts; see HttpStream::setProperty.
  void setProperty(std::string_view path, std::string_view value);

  // --- Other services
  /// Makes a cluster that filters may call; callouts to names that are not known are refused. A callout that takes
  /// longer than its timeout is answered with a 504, as Envoy does.
  void addCluster(std::string name, Cluster cluster);
  /// A cluster that always answers the same.
  void addCluster(std::string name, CalloutReply reply);
  /// All callouts that filters have made, oldest first.
  [[nodiscard]] const std::vector<Callout>& callouts() const;
  /// Makes a cluster with a gRPC service that filters may call. A unary call that takes longer than its timeout ends
  /// with GrpcStatus::Unavailable, as in Envoy.
  void addGrpcService(std::string cluster, GrpcService service);
  /// A service that answers the same to every unary call.
  void addGrpcService(std::string cluster, GrpcReply reply);
  /// All gRPC calls and streams that filters have opened, oldest first.
  [[nodiscard]] const std::vector<GrpcCall>& grpcCalls() const;
  /// The streams among them, to be played on.
  [[nodiscard]] const std::vector<std::shared_ptr<GrpcStream>>& grpcStreams() const;

  // --- A faulty host
  /// From now on the hostcall called `name` does nothing and answers `status`, `times` times.
  void failHostcall(std::string_view name, Status status, uint64_t times = UINT64_MAX);
  /// From now on every hostcall does so.
  void failAllHostcalls(Status status);
  /// From now on the hostcall called `name` (one that hands bytes over) hands over `bytes` and answers `status`.
  void answerHostcall(std::string_view name, std::string bytes, Status status = Status::Ok);
  /// From now on the hostcall called `name` (one that hands bytes over) asks for no memory, says that `size` bytes lie
  /// at `address` of the guest's memory, and answers `status`.
  void misplaceHostcall(std::string_view name, uint64_t address, uint64_t size, Status status = Status::Ok);
  /// The `n`-th memory allocation from now (1: the next) and, when `andAllLater`, those after it fail as if the guest
  /// had answered null.
  void failAllocation(uint64_t n, bool andAllLater = false);
  /// The host behaves again.
  void clearFaults();
  /// How often guests have called the hostcall `name` (any hostcall for "").
  [[nodiscard]] uint64_t hostcalls(std::string_view name = {}) const;

  /// How this proxy behaves.
  [[nodiscard]] const Profile& profile() const;
  /// Traps of all filters since the last call of clearErrors, oldest first.
  [[nodiscard]] const std::vector<Error>& errors() const;
  /// Forgets the traps so far.
  void clearErrors();

  /// For the library itself.
  [[nodiscard]] HostImpl& impl() { return *impl_; }

 private:
  std::shared_ptr<HostImpl> impl_;
};

}  // namespace sluice::host
