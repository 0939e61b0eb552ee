#include "sluice/host/plugin.h"

#include <algorithm>

#include "open_stream.h"
#include "plugin_impl.h"

namespace sluice::host {

Plugin::Plugin(std::shared_ptr<PluginImpl> impl) : impl_(std::move(impl)) {}
Plugin::~Plugin() { shutdown(); }

bool Plugin::configured() const { return impl_->configured(); }
const std::optional<Error>& Plugin::failure() const { return impl_->vm().failure(); }

std::unique_ptr<HttpStream> Plugin::openStream() { return openHttpStream(impl_->clock(), impl_->host(), {impl_}); }
std::unique_ptr<TcpStream> Plugin::openTcpStream() { return openTcpConnection(impl_->clock(), impl_->host(), {impl_}); }

namespace {

// How long send() lets time pass.
constexpr uint64_t kPatience = 60'000'000'000;

bool hasEnded(const HttpStream& stream) {
  return stream.closed() || stream.answer().reset || (stream.answer().started && stream.answer().complete);
}

void passTime(Clock& clock, const HttpStream& stream) {
  const uint64_t deadline = clock.now() + kPatience;
  while (!hasEnded(stream)) {
    const auto next = clock.next();
    if (!next || *next > deadline) return;
    clock.advance(*next > clock.now() ? *next - clock.now() : 0);
  }
}

// "callout 1 to auth", for each of the calls with these ids; `made` are all calls that filters have made.
template <class Call>
void describe(const std::vector<uint32_t>& ids, const std::vector<Call>& made, const PluginImpl& plugin,
              const std::string& what, std::string& text) {
  for (const uint32_t id : ids) {
    text += (text.empty() ? "" : ", ") + what + " " + std::to_string(id);
    const auto call = std::find_if(made.rbegin(), made.rend(), [&](const Call& candidate) {
      return candidate.id == id && candidate.plugin == plugin.options().name;
    });
    if (call != made.rend()) text += " to " + call->cluster;
  }
}

// Who waits for what when a stream has not ended.
std::string reasonOf(const HttpStream& stream, PluginImpl& plugin) {
  const Clusters& clusters = plugin.host().clusters;
  std::string calls;
  describe(plugin.root()->calls().pendingHttpCalls(), clusters.callouts, plugin, "callout", calls);
  describe(plugin.root()->calls().pendingGrpcCalls(), clusters.grpcCalls, plugin, "gRPC call", calls);
  const std::string reason = calls.empty() ? "no callout waits for a reply" : "there is no reply yet to " + calls;
  if (stream.responsePaused()) return "the filter holds the response back; " + reason;
  if (stream.requestPaused()) return "the filter holds the request back; " + reason;
  return "neither the filter nor the upstream has ended the exchange; " + reason;
}

}  // namespace

Exchange Plugin::send(const Message& request, const Message& response) {
  auto stream = openStream();
  stream->respondWith(response);
  stream->request(request);
  passTime(impl_->host().clock, *stream);
  const std::string waiting = hasEnded(*stream) ? std::string() : reasonOf(*stream, *impl_);
  stream->close();
  Exchange exchange = stream->exchange();
  exchange.response.waiting = waiting;
  return exchange;
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
  Clock::Activity activity(impl_->host().clock);
  impl_->root()->foreignFunction(functionId, arguments);
}

bool Plugin::shutdown() {
  Clock::Activity activity(impl_->host().clock);
  return impl_->shutdown();
}

uint64_t Plugin::callback(std::string_view function, const std::vector<uint64_t>& arguments, uint32_t effective) {
  Clock::Activity activity(impl_->host().clock);
  Context* context = effective == 0 ? impl_->root().get() : impl_->vm().findContext(effective);
  if (context == nullptr) {
    throw Error(ErrorKind::Usage, "Plugin::callback: there is no context " + std::to_string(effective) + ".");
  }
  return impl_->vm().callRaw(function, arguments, *context);
}

}  // namespace sluice::host
