// Opens streams through a chain of plugins.
#pragma once

#include <memory>
#include <vector>

#include "host_state.h"
#include "plugin_impl.h"
#include "sluice/host/http_stream.h"
#include "sluice/host/tcp_stream.h"

namespace sluice::host {

/// Opens a stream through the plugins that join streams now (see PluginImpl::joinsStreams). `clock` is the host's
/// clock; the stream keeps the host alive with it.
std::unique_ptr<HttpStream> openHttpStream(std::shared_ptr<Clock> clock, HostState& host,
                                           const std::vector<std::shared_ptr<PluginImpl>>& chain);
std::unique_ptr<TcpStream> openTcpConnection(std::shared_ptr<Clock> clock, HostState& host,
                                             const std::vector<std::shared_ptr<PluginImpl>>& chain);

}  // namespace sluice::host
