// The mock host: a proxy for tests. It runs one or more filters, has a clock that the test moves, and records
// everything that filters do.
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
#include "sluice/host/crossing.h"
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

/// A foreign function: a guest calls it by name with proxy_call_foreign_function. It gets the arguments and fills in
/// the result.
using ForeignFunction = std::function<Status(std::string_view arguments, std::string* result)>;

/// One proxy. Everything runs in the calling thread, when the test triggers it; nothing depends on wall-clock time.
class Host {
 public:
  /// Makes a proxy that behaves as `profile` says.
  explicit Host(Profile profile = Profile::envoy());
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Loads a filter: a `.wasm` module, or the shared library of its native build (`.so`), and runs on_vm_start and
  /// on_configure. Throws an Error when the module cannot be loaded. When the filter traps or refuses its
  /// configuration, the call does not throw: check Plugin::configured and Plugin::failure.
  std::shared_ptr<Plugin> load(const std::filesystem::path& path, PluginOptions options = {});
  /// Loads a filter from the bytes of a `.wasm` module instead of a file; messages call it `name`.
  std::shared_ptr<Plugin> loadModule(std::string_view bytes, std::string_view name, PluginOptions options = {});
  /// Ends all filters: calls their on_done and on_delete. The destructor does it too.
  void shutdown();
  /// Opens an HTTP stream through several filters: the request passes them in order, the response in reverse order.
  /// Keep the plugins until the stream is closed: destroying a Plugin ends its filter.
  std::unique_ptr<HttpStream> openStream(const std::vector<std::shared_ptr<Plugin>>& chain);
  /// Opens a TCP connection through several filters: calls on_new_connection of each in order, until one holds the
  /// connection back.
  std::unique_ptr<TcpStream> openTcpStream(const std::vector<std::shared_ptr<Plugin>>& chain);

  // --- Time
  /// The time in nanoseconds since 1970. The clock starts at 2024-01-01T00:00:00Z.
  [[nodiscard]] uint64_t now() const;
  /// Sets the clock without running anything.
  void setTime(uint64_t nanosecondsSince1970);
  /// Moves the clock forward and runs the ticks, timeouts and replies that fall due on the way, in order of time.
  void advance(std::chrono::nanoseconds duration);
  /// The time until the next tick, timeout or reply; nothing when none is scheduled.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> untilNext() const;
  /// Runs what is due now, such as the immediate reply to a callout.
  void runPending() { advance(std::chrono::nanoseconds(0)); }

  // --- Logs
  /// The lines that filters logged at or above the log level, oldest first.
  [[nodiscard]] const std::vector<LogLine>& logs() const;
  /// Removes the lines logged so far.
  void clearLogs();
  /// Sets the log level: the host drops lines below it, and proxy_get_log_level returns it. It starts at Trace.
  void setLogLevel(LogLevel level);

  // --- Shared state
  /// The value of `key` in the shared data of the VMs with this vm_id, or nothing when there is none.
  [[nodiscard]] std::optional<std::string> sharedData(std::string_view vmId, std::string_view key) const;
  /// Sets a value in the shared data of the VMs with this vm_id, as a guest of one of them would.
  void setSharedData(std::string_view vmId, std::string_view key, std::string_view value);
  /// The id of a registered shared queue, or nothing.
  [[nodiscard]] std::optional<uint32_t> sharedQueue(std::string_view vmId, std::string_view name) const;
  /// Adds a value to a shared queue, as a guest would. Returns NotFound when there is no such queue.
  Status enqueue(uint32_t queue, std::string_view value);
  /// The number of values in a shared queue.
  [[nodiscard]] size_t queueSize(uint32_t queue) const;
  /// The metric that a filter defined under this name, or nothing.
  [[nodiscard]] std::optional<Metric> metric(std::string_view name) const;
  /// The metric with these tags, or nothing; see findMetric().
  [[nodiscard]] std::optional<Metric> metric(std::string_view name, const Tags& tags) const;
  /// All metrics that filters have defined.
  [[nodiscard]] MetricMap metrics() const;
  /// Adds a foreign function that filters can call by name. It replaces a function of Envoy's with the same name:
  /// without registration, the host already plays clear_route_cache, compress, declare_property,
  /// set_envoy_filter_state, sign, uncompress and verify_signature, as far as a filter can see their effect. Calls of
  /// Envoy's expr_create, expr_evaluate and expr_delete end the filter with an error of kind Unsupported.
  void registerForeignFunction(std::string name, ForeignFunction function);
  /// Sets a property for all streams and root contexts; see HttpStream::setProperty.
  void setProperty(std::string_view path, std::string_view value);

  // --- Other services
  /// Adds a cluster that filters can call; the host refuses callouts to unknown clusters. When the reply takes longer
  /// than the callout's timeout, the filter gets a 504, as in Envoy.
  void addCluster(std::string name, Cluster cluster);
  /// Adds a cluster that answers every callout with the same reply.
  void addCluster(std::string name, CalloutReply reply);
  /// All HTTP callouts that filters have made, oldest first.
  [[nodiscard]] const std::vector<Callout>& callouts() const;
  /// Calls to clusters that have not been added, as messages that name the clusters there are; each once.
  [[nodiscard]] const std::vector<std::string>& unknownClusters() const;
  /// Adds a cluster with a gRPC service that filters can call. A unary call that takes longer than its timeout ends
  /// with GrpcStatus::Unavailable, as in Envoy.
  void addGrpcService(std::string cluster, GrpcService service);
  /// Adds a gRPC service that answers every unary call with the same reply.
  void addGrpcService(std::string cluster, GrpcReply reply);
  /// All gRPC calls and streams that filters have opened, oldest first.
  [[nodiscard]] const std::vector<GrpcCall>& grpcCalls() const;
  /// All gRPC streams that filters have opened, oldest first; the test plays the service through them.
  [[nodiscard]] const std::vector<std::shared_ptr<GrpcStream>>& grpcStreams() const;

  // --- A faulty host
  /// Makes the next `times` calls of the hostcall `name` do nothing and return `status`.
  void failHostcall(std::string_view name, Status status, uint64_t times = UINT64_MAX);
  /// Makes every hostcall do nothing and return `status` from now on.
  void failAllHostcalls(Status status);
  /// From now on the hostcall `name`, one that gives bytes to the guest, gives it `bytes` and returns `status`.
  void answerHostcall(std::string_view name, std::string bytes, Status status = Status::Ok);
  /// From now on the hostcall `name`, one that gives bytes to the guest, allocates no guest memory, claims that the
  /// result is the `size` bytes at `address` of guest memory, and returns `status`.
  void misplaceHostcall(std::string_view name, uint64_t address, uint64_t size, Status status = Status::Ok);
  /// Makes the `n`-th memory allocation from now (1: the next) fail as if the guest had returned null. With
  /// `andAllLater`, all allocations after it fail too.
  void failAllocation(uint64_t n, bool andAllLater = false);
  /// Removes all faults: the host behaves correctly again.
  void clearFaults();
  /// How often guests have called the hostcall `name`; with "", how often they have called any hostcall.
  [[nodiscard]] uint64_t hostcalls(std::string_view name = {}) const;

  // --- Crossings
  /// Records the crossings from now on, the first `limit` of them, with at most 64 MiB of values. Call it before
  /// loading a filter to see its start. A second call starts an empty record; do not call it from within a callback.
  void recordCrossings(size_t limit = 100'000);
  /// The crossings since recordCrossings(), in the order in which they began; empty without it. Valid until the host
  /// runs again.
  [[nodiscard]] const std::vector<Crossing>& crossings() const;
  /// The number of crossings beyond these limits, which the record does not have.
  [[nodiscard]] uint64_t droppedCrossings() const;
  /// The instructions of each function that ran, of the VMs started since recordCrossings(); empty without it. A native
  /// guest has none.
  [[nodiscard]] std::vector<FunctionInstructions> instructionsByFunction() const;

  /// How this proxy behaves.
  [[nodiscard]] const Profile& profile() const;
  /// The traps of all filters since the last call of clearErrors, oldest first.
  [[nodiscard]] const std::vector<Error>& errors() const;
  /// Removes the traps recorded so far.
  void clearErrors();

  /// For the library itself.
  [[nodiscard]] HostImpl& impl() { return *impl_; }

 private:
  std::shared_ptr<HostImpl> impl_;
};

}  // namespace sluice::host
