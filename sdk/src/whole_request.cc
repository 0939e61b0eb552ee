#include "sluice/whole_request.h"

#include <algorithm>
#include <string_view>

#include "sluice/log.h"

namespace sluice {

namespace {

bool equalsWithoutCase(std::string_view text, std::string_view lowerCase) {
  return std::equal(text.begin(), text.end(), lowerCase.begin(), lowerCase.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// Whether a comma-separated list, such as the value of the header connection, has this member.
bool hasMember(std::string_view list, std::string_view lowerCase) {
  while (!list.empty()) {
    auto member = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), member.size() + 1));
    while (member.starts_with(' ') || member.starts_with('\t')) member.remove_prefix(1);
    while (member.ends_with(' ') || member.ends_with('\t')) member.remove_suffix(1);
    if (equalsWithoutCase(member, lowerCase)) return true;
  }
  return false;
}

// Whether the hostcall has failed, which is then logged. NotFound is not a failure.
bool hasFailed(Status status, std::string_view name) {
  return status != Status::NotFound && !warnUnlessOk(status, name);
}

}  // namespace

bool asksForTunnel(const HeaderMap& requestHeaders) {
  const auto method = requestHeaders.get(":method");
  if (hasFailed(method.status(), ":method") || method.valueOr("CONNECT") == "CONNECT") return true;
  const auto upgrade = requestHeaders.get("upgrade");
  if (!upgrade) return hasFailed(upgrade.status(), "upgrade");
  const auto connection = requestHeaders.get("connection");
  return hasFailed(connection.status(), "connection") || hasMember(connection.valueOr(""), "upgrade");
}

FilterHeadersStatus WholeRequest::onRequestHeaders(uint32_t, bool endOfStream) {
  if (const auto start = onRequestStart(); start != Start::Await) {
    state_ = start == Start::Pass ? State::Passed : State::Refused;
  } else if (endOfStream) {
    end();
  } else if (asksForTunnel(requestHeaders())) {
    state_ = onTunnelRequest() ? State::Passed : State::Refused;
  }
  return state_ == State::Passed ? FilterHeadersStatus::Continue : FilterHeadersStatus::StopIteration;
}

FilterDataStatus WholeRequest::onRequestBody(size_t size, bool endOfStream) {
  if (state_ == State::Waiting) {
    bodySize_ = size;
    if (!onRequestBytes(size)) {
      state_ = State::Refused;
    } else if (endOfStream) {
      end();
    }
  }
  switch (state_) {
    case State::Passed:
      return FilterDataStatus::Continue;
    case State::Refused:
      return FilterDataStatus::StopIterationNoBuffer;
    default:
      return FilterDataStatus::StopIterationAndBuffer;
  }
}

// A request with trailers has no body callback with endOfStream.
FilterTrailersStatus WholeRequest::onRequestTrailers(uint32_t) {
  if (state_ == State::Waiting) end();
  return state_ == State::Passed ? FilterTrailersStatus::Continue : FilterTrailersStatus::StopIteration;
}

void WholeRequest::end() { state_ = onWholeRequest(bodySize_) ? State::Passed : State::Kept; }

bool WholeRequest::onTunnelRequest() {
  const auto sent =
      internal::sendLocalResponse(*this, {.status = 403, .details = "whole_request_tunnel", .body = "no tunnels\n"});
  if (!warnUnlessOk(sent, "refusing a tunnel")) warnUnlessOk(closeRequest(), "closing the stream");
  return false;
}

}  // namespace sluice
