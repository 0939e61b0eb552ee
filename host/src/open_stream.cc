#include "open_stream.h"

#include "http/stream_impl.h"
#include "tcp/tcp_stream_impl.h"

namespace sluice::host {
namespace {

std::vector<std::shared_ptr<Context>> rootsOf(const std::vector<std::shared_ptr<PluginImpl>>& chain) {
  std::vector<std::shared_ptr<Context>> roots;
  for (const auto& plugin : chain) {
    if (plugin->joinsStreams()) roots.push_back(plugin->root());
  }
  return roots;
}

}  // namespace

std::unique_ptr<HttpStream> openHttpStream(std::shared_ptr<Clock> clock, HostState& host,
                                           const std::vector<std::shared_ptr<PluginImpl>>& chain) {
  Clock::Activity activity(host.clock);
  const uint64_t id = ++host.lastStreamId;
  return std::make_unique<HttpStream>(std::make_shared<StreamImpl>(std::move(clock), host.profile, id, rootsOf(chain)));
}

std::unique_ptr<TcpStream> openTcpConnection(std::shared_ptr<Clock> clock, HostState& host,
                                             const std::vector<std::shared_ptr<PluginImpl>>& chain) {
  Clock::Activity activity(host.clock);
  const uint64_t id = ++host.lastStreamId;
  auto stream = std::make_shared<TcpStreamImpl>(std::move(clock), host.profile, id, rootsOf(chain));
  stream->start();
  return std::make_unique<TcpStream>(std::move(stream));
}

}  // namespace sluice::host
