#include "sluice/host/host.h"

#include <numeric>

#include "guest/engine.h"
#include "host_impl.h"
#include "http/stream_impl.h"
#include "plugin_impl.h"
#include "tcp/tcp_stream_impl.h"

namespace sluice::host {
namespace {

std::vector<std::shared_ptr<PluginImpl>> implsOf(const std::vector<std::shared_ptr<Plugin>>& chain) {
  std::vector<std::shared_ptr<PluginImpl>> filters;
  for (const auto& plugin : chain) filters.push_back(plugin->impl());
  return filters;
}

}  // namespace

Host::Host(Profile profile) : impl_(std::make_shared<HostImpl>(std::move(profile))) {}

Host::~Host() { impl_->shutdown(); }

std::shared_ptr<Plugin> Host::load(const std::filesystem::path& path, PluginOptions options) {
  return std::make_shared<Plugin>(impl_->load(loadModuleFile(path), std::move(options)));
}

std::shared_ptr<Plugin> Host::loadModule(std::string_view bytes, std::string_view name, PluginOptions options) {
  auto module = loadWasm(std::string(bytes), std::string(name));
  return std::make_shared<Plugin>(impl_->load(std::move(module), std::move(options)));
}

std::unique_ptr<HttpStream> Host::openStream(const std::vector<std::shared_ptr<Plugin>>& chain) {
  HostImpl::Activity activity(*impl_);
  return std::make_unique<HttpStream>(std::make_shared<StreamImpl>(impl_, implsOf(chain)));
}

std::unique_ptr<TcpStream> Host::openTcpStream(const std::vector<std::shared_ptr<Plugin>>& chain) {
  HostImpl::Activity activity(*impl_);
  auto stream = std::make_shared<TcpStreamImpl>(impl_, implsOf(chain));
  stream->start();
  return std::make_unique<TcpStream>(std::move(stream));
}

uint64_t Host::now() const { return impl_->now(); }
void Host::setTime(uint64_t nanosecondsSince1970) { impl_->setTime(nanosecondsSince1970); }
void Host::advance(std::chrono::nanoseconds duration) {
  if (duration.count() < 0) throw Error(ErrorKind::Usage, "Host::advance: time does not go back; use setTime.");
  impl_->advance(static_cast<uint64_t>(duration.count()));
}

std::optional<std::chrono::nanoseconds> Host::untilNext() const {
  const auto next = impl_->timers().next();
  if (!next) return std::nullopt;
  return std::chrono::nanoseconds(*next > now() ? *next - now() : 0);
}

const std::vector<LogLine>& Host::logs() const { return impl_->logs; }
void Host::clearLogs() { impl_->logs.clear(); }
void Host::setLogLevel(LogLevel level) { impl_->logLevel = level; }

std::optional<std::string> Host::sharedData(std::string_view vmId, std::string_view key) const {
  const SharedData::Entry* entry = impl_->sharedData().get(vmId, key);
  return entry == nullptr ? std::nullopt : std::optional(entry->value);
}
void Host::setSharedData(std::string_view vmId, std::string_view key, std::string_view value) {
  (void)impl_->sharedData().set(vmId, key, value, 0);
}
std::optional<uint32_t> Host::sharedQueue(std::string_view vmId, std::string_view name) const {
  uint32_t id = impl_->queues().resolve(vmId, name);
  return id == 0 ? std::nullopt : std::optional(id);
}
Status Host::enqueue(uint32_t queue, std::string_view value) {
  HostImpl::Activity activity(*impl_);
  return impl_->enqueue(queue, value);
}
size_t Host::queueSize(uint32_t queue) const {
  const SharedQueues::Queue* found = impl_->queues().find(queue);
  return found == nullptr ? 0 : found->values.size();
}
std::optional<Metric> Host::metric(std::string_view name) const { return impl_->metrics().find(name); }
void Host::registerForeignFunction(std::string name, ForeignFunction function) {
  impl_->foreignFunctions[std::move(name)] = std::move(function);
}
void Host::addCluster(std::string name, Cluster cluster) { impl_->clusters[std::move(name)] = std::move(cluster); }
void Host::addCluster(std::string name, CalloutReply reply) {
  addCluster(std::move(name), [reply = std::move(reply)](const Callout&) { return reply; });
}
const std::vector<Callout>& Host::callouts() const { return impl_->callouts; }
void Host::addGrpcService(std::string cluster, GrpcService service) {
  impl_->grpcServices[std::move(cluster)] = std::move(service);
}
void Host::addGrpcService(std::string cluster, GrpcReply reply) {
  addGrpcService(std::move(cluster),
                 GrpcService{.onCall = [reply = std::move(reply)](const GrpcCall&) { return reply; }});
}
const std::vector<GrpcCall>& Host::grpcCalls() const { return impl_->grpcCalls; }
const std::vector<std::shared_ptr<GrpcStream>>& Host::grpcStreams() const { return impl_->grpcStreams; }
void Host::setProperty(std::string_view path, std::string_view value) { impl_->properties[std::string(path)] = value; }

namespace {

/// Throws for a name that is no hostcall's, so that a test with a misspelt one does not pass by accident.
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
  impl_->faults().fail(name, {status, std::nullopt, std::nullopt}, times);
}
void Host::failAllHostcalls(Status status) { impl_->faults().failAll(status); }
void Host::answerHostcall(std::string_view name, std::string bytes, Status status) {
  hostcallIndex(name);
  impl_->faults().fail(name, {status, std::move(bytes), std::nullopt}, UINT64_MAX);
}
void Host::misplaceHostcall(std::string_view name, uint64_t address, uint64_t size, Status status) {
  hostcallIndex(name);
  impl_->faults().fail(name, {status, std::nullopt, Fault::Place{address, size}}, UINT64_MAX);
}
void Host::failAllocation(uint64_t n, bool andAllLater) { impl_->faults().failAllocation(n, andAllLater); }
void Host::clearFaults() { impl_->faults().clear(); }
uint64_t Host::hostcalls(std::string_view name) const {
  if (!name.empty()) return impl_->hostcalls[hostcallIndex(name)];
  return std::accumulate(impl_->hostcalls.begin(), impl_->hostcalls.end(), uint64_t{0});
}

const Profile& Host::profile() const { return impl_->profile(); }
const std::vector<Error>& Host::errors() const { return impl_->errors(); }
void Host::clearErrors() { impl_->errors().clear(); }

// ---------------------------------------------------------------------------------------------------------------------

Plugin::Plugin(std::shared_ptr<PluginImpl> impl) : impl_(std::move(impl)) {}
Plugin::~Plugin() { shutdown(); }

bool Plugin::configured() const { return impl_->configured(); }
const std::optional<Error>& Plugin::failure() const { return impl_->vm().failure(); }

std::unique_ptr<HttpStream> Plugin::openStream() {
  HostImpl::Activity activity(impl_->host());
  return std::make_unique<HttpStream>(
      std::make_shared<StreamImpl>(impl_->sharedHost(), std::vector<std::shared_ptr<PluginImpl>>{impl_}));
}

std::unique_ptr<TcpStream> Plugin::openTcpStream() {
  HostImpl::Activity activity(impl_->host());
  auto stream = std::make_shared<TcpStreamImpl>(impl_->sharedHost(), std::vector<std::shared_ptr<PluginImpl>>{impl_});
  stream->start();
  return std::make_unique<TcpStream>(std::move(stream));
}

Exchange Plugin::send(const Message& request, const Message& response) {
  auto stream = openStream();
  stream->respondWith(response);
  stream->request(request);
  stream->close();
  return stream->exchange();
}

Counts Plugin::counts() const {
  Counts sum;
  for (const auto& [name, counts] : impl_->vm().counts()) sum += counts;
  return sum;
}
const CountsByCallback& Plugin::countsByCallback() const { return impl_->vm().counts(); }
uint32_t Plugin::memoryPages() const { return impl_->vm().guest().pages(); }
uint32_t Plugin::rootContextId() const { return impl_->root()->id(); }
const PluginOptions& Plugin::options() const { return impl_->options(); }
int Plugin::abiVersion() const { return impl_->vm().abiVersion(); }
bool Plugin::exports(std::string_view function) const { return impl_->vm().guest().find(function).has_value(); }

void Plugin::foreignFunction(uint32_t functionId, std::string_view arguments) {
  HostImpl::Activity activity(impl_->host());
  impl_->root()->foreignFunction(functionId, arguments);
}

bool Plugin::shutdown() {
  HostImpl::Activity activity(impl_->host());
  return impl_->shutdown();
}

uint64_t Plugin::callback(std::string_view function, const std::vector<uint64_t>& arguments, uint32_t effective) {
  HostImpl::Activity activity(impl_->host());
  Context* context = effective == 0 ? impl_->root().get() : impl_->vm().findContext(effective);
  if (context == nullptr) {
    throw Error(ErrorKind::Usage, "Plugin::callback: there is no context " + std::to_string(effective) + ".");
  }
  return impl_->vm().callRaw(function, arguments, *context);
}

// ---------------------------------------------------------------------------------------------------------------------

HttpStream::HttpStream(std::shared_ptr<StreamImpl> impl) : impl_(std::move(impl)) {}
HttpStream::~HttpStream() { close(); }

void HttpStream::requestHeaders(const Headers& headers, bool end) {
  HostImpl::Activity activity(impl_->host());
  impl_->requestHeaders(headers, end);
}
void HttpStream::requestBody(std::string_view chunk, bool end) {
  HostImpl::Activity activity(impl_->host());
  impl_->requestBody(chunk, end);
}
void HttpStream::requestTrailers(const Headers& trailers) {
  HostImpl::Activity activity(impl_->host());
  impl_->requestTrailers(trailers);
}
void HttpStream::requestMetadata(const Headers& metadata) {
  HostImpl::Activity activity(impl_->host());
  impl_->requestMetadata(metadata);
}
void HttpStream::request(const Message& message) {
  HostImpl::Activity activity(impl_->host());
  bool bare = message.trailers.empty();
  impl_->requestHeaders(message.headers, message.chunks.empty() && bare);
  for (size_t i = 0; i < message.chunks.size(); ++i) {
    impl_->requestBody(message.chunks[i], bare && i + 1 == message.chunks.size());
  }
  if (!bare) impl_->requestTrailers(message.trailers);
}
void HttpStream::close() {
  HostImpl::Activity activity(impl_->host());
  impl_->close();
}
void HttpStream::responseHeaders(const Headers& headers, bool end) {
  HostImpl::Activity activity(impl_->host());
  impl_->responseHeaders(headers, end);
}
void HttpStream::responseBody(std::string_view chunk, bool end) {
  HostImpl::Activity activity(impl_->host());
  impl_->responseBody(chunk, end);
}
void HttpStream::responseTrailers(const Headers& trailers) {
  HostImpl::Activity activity(impl_->host());
  impl_->responseTrailers(trailers);
}
void HttpStream::responseMetadata(const Headers& metadata) {
  HostImpl::Activity activity(impl_->host());
  impl_->responseMetadata(metadata);
}
void HttpStream::response(const Message& message) {
  HostImpl::Activity activity(impl_->host());
  bool bare = message.trailers.empty();
  impl_->responseHeaders(message.headers, message.chunks.empty() && bare);
  for (size_t i = 0; i < message.chunks.size(); ++i) {
    impl_->responseBody(message.chunks[i], bare && i + 1 == message.chunks.size());
  }
  if (!bare) impl_->responseTrailers(message.trailers);
}
void HttpStream::respondWith(Message message) {
  HostImpl::Activity activity(impl_->host());
  impl_->respondWith(std::move(message));
}
void HttpStream::upstreamReset() {
  HostImpl::Activity activity(impl_->host());
  impl_->upstreamReset();
}

const Received& HttpStream::received() const { return impl_->received; }
const Received& HttpStream::answer() const { return impl_->answer; }
Exchange HttpStream::exchange() const {
  return {impl_->received, impl_->answer, impl_->localResponse, impl_->details, impl_->closed()};
}
bool HttpStream::requestPaused() const { return impl_->request().paused(); }
bool HttpStream::responsePaused() const { return impl_->response().paused(); }
bool HttpStream::closed() const { return impl_->closed(); }
uint32_t HttpStream::contextId(size_t position) const { return impl_->contextId(position); }

void HttpStream::setProperty(std::string_view path, std::string_view value) {
  impl_->attributes.properties[std::string(path)] = value;
}
std::optional<std::string> HttpStream::writtenProperty(std::string_view path) const {
  return impl_->attributes.written(path);
}

}  // namespace sluice::host
