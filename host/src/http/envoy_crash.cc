#include "http/envoy_crash.h"

namespace sluice::host {
namespace {

constexpr std::string_view kOver = "the stream is over";
constexpr std::string_view kClosed = "the filter has closed the stream in the same callback";
constexpr std::string_view kAnswered = "the filter has sent a local response in the same callback";

constexpr std::string_view kFinished = "the filter has continued the complete response in the same callback";

// Whether a local response in place of another response ends the stream.
bool endsWithAnswer(const StreamMoment& moment) {
  return moment.upstreamResponds || (moment.hasResponse && moment.requestComplete);
}

}  // namespace

std::string_view crashOfLocalResponse(const StreamMoment& moment) {
  if (moment.over) return kOver;
  if (moment.closing && moment.requestComplete) return kClosed;
  if (moment.finishing) return kFinished;
  // In a request callback, Envoy ignores a second local response. Outside, it sends the first and replaces it.
  return moment.answering && !moment.inRequest && endsWithAnswer(moment) ? kAnswered : std::string_view();
}

std::string_view crashOfClose(const StreamMoment& moment) {
  if (moment.over) return kOver;
  // Envoy ends a stream whose request is incomplete together with the client's connection, so a second time is
  // harmless.
  if (moment.closing && moment.requestComplete) return kClosed;
  if (moment.finishing) return kFinished;
  return moment.answering && (moment.inRequest || endsWithAnswer(moment)) ? kAnswered : std::string_view();
}

std::string_view crashOfContinueResponse(const StreamMoment& moment) {
  return moment.hasResponse ? std::string_view() : "the response has no headers yet";
}

}  // namespace sluice::host
