#include "players/envoy_start.h"

#include <chrono>

#include "players/http_wire.h"
#include "players/player.h"
#include "players/settling.h"

namespace sluice::scenario {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

// How often to ask whether Envoy is ready before looking for what may be wrong.
constexpr int kAttemptsPerCheck = 50;

asio::awaitable<bool> isReady(EnvoyAdmin& admin) {
  try {
    co_return co_await admin.ready();
  } catch (const PlayerError&) {
    co_return false;  // Envoy has ended; waitForStart() checks for that.
  }
}

}  // namespace

std::string hostLog(const std::vector<EnvoyLogEntry>& entries) {
  std::string text;
  for (const auto& entry : entries) text += "[" + entry.level + "][" + entry.component + "] " + entry.text + "\n";
  return text;
}

asio::awaitable<std::optional<StartedEnvoy>> waitForStart(asio::io_context& io, EnvoyProcess& envoy) {
  const auto giveUp = Clock::now() + kSafetyTimeout;
  for (int attempt = 1; Clock::now() < giveUp; ++attempt) {
    if (attempt % kAttemptsPerCheck == 0) envoy.checkLog();  // Envoy cannot say where it is when it cannot write.
    if (const auto how = envoy.ended()) {
      if (refusedByFilter(envoy.log())) co_return std::nullopt;
      envoy.checkLog();
      throw PlayerError("Envoy ended with " + *how + " before it took requests. It says:\n" + hostLog(envoy.log()));
    }
    if (const auto port = envoy.adminPort()) {
      EnvoyAdmin admin(io, *port);
      if (co_await isReady(admin)) co_return StartedEnvoy{admin, co_await admin.listenerPort("ingress")};
    }
    co_await pass(io, std::chrono::milliseconds(10));
  }
  throw PlayerError("Envoy does not get ready. It says:\n" + hostLog(envoy.log()));
}

}  // namespace sluice::scenario
