// One exchange in progress on the mock host.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "players/mock_http.h"
#include "scenario/client.h"
#include "scenario/exchange.h"
#include "scenario/outcome.h"
#include "scenario/trace.h"
#include "sluice/host/host.h"

namespace sluice::scenario {

/// An exchange that its player moves on in small steps, so that several can run together.
class MockExchange {
 public:
  /// Reports what passes between the ends.
  using Note = std::function<void(TraceEvent::Kind, const std::string&)>;

  /// Opens the stream. `client` and `exchange` must outlive it.
  MockExchange(host::Host& proxy, const std::vector<std::shared_ptr<host::Plugin>>& plugins, const Client& client,
               const ScriptedExchange& exchange, Note note);

  /// Sends the next piece of the request, or of the upstream's reply. Returns false when there is none to send now.
  bool sendPiece();
  /// Looks at what has arrived and at the clock: makes the reply ready when it is due, and ends the exchange when it is
  /// over. Returns whether anything has changed.
  bool update();
  [[nodiscard]] bool isOver() const { return outcome_.has_value(); }
  /// The time of the next update() that may change something, though no event of the host comes before.
  [[nodiscard]] uint64_t due() const;
  /// What has come of it; only once it is over.
  [[nodiscard]] const ExchangeOutcome& outcome() const { return *outcome_; }

 private:
  void finish();

  host::Host& proxy_;
  const Client& client_;
  const ScriptedExchange& exchange_;
  Note note_;
  std::unique_ptr<host::HttpStream> stream_;
  uint64_t deadline_;
  Pieces pieces_;
  size_t next_ = 0;                  // The next of pieces_.
  std::optional<uint64_t> replyAt_;  // Set once the upstream has the whole request.
  bool replied_ = false;
  std::optional<ExchangeOutcome> outcome_;
};

}  // namespace sluice::scenario
