#include "sluice/host/host.h"

#include <numeric>

#include "guest/engine.h"
#include "host_impl.h"
#include "open_stream.h"

namespace sluice::host {
namespace {

std::vector<std::shared_ptr<PluginImpl>> implsOf(const std::vector<std::shared_ptr<Plugin>>& chain) {
  std::vector<std::shared_ptr<PluginImpl>> plugins;
  for (const auto& plugin : chain) plugins.push_back(plugin->impl());
  return plugins;
}

/// A pointer to the host's clock that keeps the host alive.
std::shared_ptr<Clock> clockOf(const std::shared_ptr<HostImpl>& host) { return {host, &host->state.clock}; }

}  // namespace

Host::Host(Profile profile) : impl_(std::make_shared<HostImpl>(std::move(profile))) {}

Host::~Host() { shutdown(); }

void Host::shutdown() { impl_->shutdown(); }

std::shared_ptr<Plugin> Host::load(const std::filesystem::path& path, PluginOptions options) {
  return std::make_shared<Plugin>(impl_->load(loadModuleFile(path), std::move(options)));
}

std::shared_ptr<Plugin> Host::loadModule(std::string_view bytes, std::string_view name, PluginOptions options) {
  auto module = loadWasm(std::string(bytes), std::string(name));
  return std::make_shared<Plugin>(impl_->load(std::move(module), std::move(options)));
}

std::unique_ptr<HttpStream> Host::openStream(const std::vector<std::shared_ptr<Plugin>>& chain) {
  return openHttpStream(clockOf(impl_), impl_->state, implsOf(chain));
}

std::unique_ptr<TcpStream> Host::openTcpStream(const std::vector<std::shared_ptr<Plugin>>& chain) {
  return openTcpConnection(clockOf(impl_), impl_->state, implsOf(chain));
}

uint64_t Host::now() const { return impl_->state.clock.now(); }
void Host::setTime(uint64_t nanosecondsSince1970) { impl_->state.clock.set(nanosecondsSince1970); }
void Host::advance(std::chrono::nanoseconds duration) {
  if (duration.count() < 0) throw Error(ErrorKind::Usage, "Host::advance: time does not go back; use setTime.");
  impl_->state.clock.advance(static_cast<uint64_t>(duration.count()));
}

std::optional<std::chrono::nanoseconds> Host::untilNext() const {
  const auto next = impl_->state.clock.next();
  if (!next) return std::nullopt;
  return std::chrono::nanoseconds(*next > now() ? *next - now() : 0);
}

const std::vector<LogLine>& Host::logs() const { return impl_->state.logs.lines; }
void Host::clearLogs() { impl_->state.logs.clear(); }
void Host::setLogLevel(LogLevel level) { impl_->state.logs.level = level; }

std::optional<std::string> Host::sharedData(std::string_view vmId, std::string_view key) const {
  const SharedData::Entry* entry = impl_->state.sharedData.get(vmId, key);
  return entry == nullptr ? std::nullopt : std::optional(entry->value);
}
void Host::setSharedData(std::string_view vmId, std::string_view key, std::string_view value) {
  (void)impl_->state.sharedData.set(vmId, key, value, 0);
}
std::optional<uint32_t> Host::sharedQueue(std::string_view vmId, std::string_view name) const {
  uint32_t id = impl_->state.queues.resolve(vmId, name);
  return id == 0 ? std::nullopt : std::optional(id);
}
Status Host::enqueue(uint32_t queue, std::string_view value) {
  Clock::Activity activity(impl_->state.clock);
  return impl_->state.queues.enqueue(queue, value);
}
size_t Host::queueSize(uint32_t queue) const { return impl_->state.queues.size(queue); }
std::optional<Metric> Host::metric(std::string_view name) const { return metric(name, {}); }
std::optional<Metric> Host::metric(std::string_view name, const Tags& tags) const {
  const MetricMap all = metrics();
  const Metric* found = findMetric(all, name, tags);
  return found == nullptr ? std::nullopt : std::optional(*found);
}
MetricMap Host::metrics() const { return impl_->state.metrics.all(); }
void Host::registerForeignFunction(std::string name, ForeignFunction function) {
  impl_->state.foreignFunctions[std::move(name)] = std::move(function);
}
void Host::addCluster(std::string name, Cluster cluster) {
  impl_->state.clusters.unreachable.erase(name);
  impl_->state.clusters.http[std::move(name)] = std::move(cluster);
}
void Host::addCluster(std::string name, CalloutReply reply) {
  const bool isUnreachable = reply.kind == CalloutReply::Kind::ConnectionFailure;
  addCluster(name, [reply = std::move(reply)](const Callout&) { return reply; });
  if (isUnreachable) impl_->state.clusters.unreachable.insert(std::move(name));
}
const std::vector<Callout>& Host::callouts() const { return impl_->state.clusters.callouts; }
const std::vector<std::string>& Host::unknownClusters() const { return impl_->state.clusters.unknown; }
void Host::addGrpcService(std::string cluster, GrpcService service) {
  impl_->state.clusters.grpc[std::move(cluster)] = std::move(service);
}
void Host::addGrpcService(std::string cluster, GrpcReply reply) {
  addGrpcService(std::move(cluster),
                 GrpcService{.onCall = [reply = std::move(reply)](const GrpcCall&) { return reply; }});
}
const std::vector<GrpcCall>& Host::grpcCalls() const { return impl_->state.clusters.grpcCalls; }
const std::vector<std::shared_ptr<GrpcStream>>& Host::grpcStreams() const { return impl_->state.clusters.grpcStreams; }
void Host::setProperty(std::string_view path, std::string_view value) {
  impl_->state.properties[std::string(path)] = value;
}

namespace {

/// Throws when `name` is not a hostcall, so that a test with a misspelt name does not pass by accident.
size_t hostcallIndex(std::string_view name) {
  for (size_t i = 0; i < kHostcalls.size(); ++i) {
    if (kHostcalls[i].name == name) return i;
  }
  throw Error(ErrorKind::Usage,
              "\"" + std::string(name) + "\" is not a hostcall of the ABI; the names begin with proxy_.");
}

}  // namespace

void Host::failHostcall(std::string_view name, Status status, uint64_t times) {
  hostcallIndex(name);
  impl_->state.faults.fail(name, {status, std::nullopt, std::nullopt}, times);
}
void Host::failAllHostcalls(Status status) { impl_->state.faults.failAll(status); }
void Host::answerHostcall(std::string_view name, std::string bytes, Status status) {
  hostcallIndex(name);
  impl_->state.faults.fail(name, {status, std::move(bytes), std::nullopt}, UINT64_MAX);
}
void Host::misplaceHostcall(std::string_view name, uint64_t address, uint64_t size, Status status) {
  hostcallIndex(name);
  impl_->state.faults.fail(name, {status, std::nullopt, Fault::Place{address, size}}, UINT64_MAX);
}
void Host::failAllocation(uint64_t n, bool andAllLater) { impl_->state.faults.failAllocation(n, andAllLater); }
void Host::clearFaults() { impl_->state.faults.clear(); }
uint64_t Host::hostcalls(std::string_view name) const {
  if (!name.empty()) return impl_->state.hostcalls[hostcallIndex(name)];
  return std::accumulate(impl_->state.hostcalls.begin(), impl_->state.hostcalls.end(), uint64_t{0});
}

void Host::recordCrossings(size_t limit) {
  HostState& state = impl_->state;
  state.recorder = std::make_unique<Recorder>(limit);
  state.services.recorder = state.recorder.get();
}
const std::vector<Crossing>& Host::crossings() const {
  static const std::vector<Crossing> none;
  return impl_->state.recorder == nullptr ? none : impl_->state.recorder->crossings();
}
uint64_t Host::droppedCrossings() const {
  return impl_->state.recorder == nullptr ? 0 : impl_->state.recorder->dropped();
}
std::vector<FunctionInstructions> Host::instructionsByFunction() const {
  return impl_->state.recorder == nullptr ? std::vector<FunctionInstructions>() : impl_->state.recorder->functions();
}

const Profile& Host::profile() const { return impl_->state.profile; }
const std::vector<Error>& Host::errors() const { return impl_->state.errors; }
void Host::clearErrors() { impl_->state.errors.clear(); }

}  // namespace sluice::host
