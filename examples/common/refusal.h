// Refuses requests with a local response.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sluice/context.h"
#include "sluice/log.h"

/// Why a request is refused: `reason`, a line of text, is for the client; `details` is for the host's access log.
struct Refusal {
  uint32_t status;
  std::string_view reason;
  std::string_view details;
};

/// Sends a local response on `stream`, with `headers` in addition to content-type. If that fails, closes the stream,
/// because the request must not go on. Returns false on failure. Return a pausing status from the callback afterwards.
inline bool refuse(sluice::HttpContext& stream, const Refusal& refusal, sluice::HeaderSpan headers = {}) {
  sluice::logDebug("refused: ", refusal.details);
  std::vector<sluice::Header> all(headers.begin(), headers.end());
  all.push_back({"content-type", "text/plain"});
  const auto sent = stream.sendLocalResponse(
      {.status = refusal.status, .details = refusal.details, .body = refusal.reason, .headers = all});
  if (sluice::warnUnlessOk(sent, "refusing a request")) return true;
  sluice::warnUnlessOk(stream.closeRequest(), "closing the stream");
  return false;
}
