#include "sluice/host/plugin.h"

#include "open_stream.h"
#include "plugin_impl.h"

namespace sluice::host {

Plugin::Plugin(std::shared_ptr<PluginImpl> impl) : impl_(std::move(impl)) {}
Plugin::~Plugin() { shutdown(); }

bool Plugin::configured() const { return impl_->configured(); }
const std::optional<Error>& Plugin::failure() const { return impl_->vm().failure(); }

std::unique_ptr<HttpStream> Plugin::openStream() { return openHttpStream(impl_->clock(), impl_->host(), {impl_}); }
std::unique_ptr<TcpStream> Plugin::openTcpStream() { return openTcpConnection(impl_->clock(), impl_->host(), {impl_}); }

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
