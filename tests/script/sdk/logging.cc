#include <limits>

#include "steps.h"

using namespace sluice;

namespace script {

namespace {

void logNumbers() {
  logInfo("int8 ", std::numeric_limits<int8_t>::min(), ' ', std::numeric_limits<int8_t>::max());
  logInfo("int32 ", std::numeric_limits<int32_t>::min(), ' ', std::numeric_limits<int32_t>::max());
  logInfo("int64 ", std::numeric_limits<int64_t>::min(), ' ', std::numeric_limits<int64_t>::max());
  logInfo("uint8 ", uint8_t{0}, ' ', std::numeric_limits<uint8_t>::max());
  logInfo("uint32 ", uint32_t{0}, ' ', std::numeric_limits<uint32_t>::max());
  logInfo("uint64 ", uint64_t{0}, ' ', std::numeric_limits<uint64_t>::max());
  logInfo("others ", true, ' ', false, ' ', 'c', ' ', short{-7}, ' ', size_t{9});
}

void logTexts() {
  const char array[] = "array";
  const char* pointer = "pointer";
  const std::string owned("an owned string, long enough for the heap");
  logInfo(array, ' ', pointer, ' ', owned, ' ', std::string_view("view"), ' ', std::string_view());
}

void logEnums() {
  logInfo(Status::CasMismatch, ' ', LogLevel::Warn, ' ', MapType::HttpRequestTrailers, ' ',
          BufferType::HttpResponseBody, ' ', StreamType::HttpResponse, ' ', GrpcStatus::None, ' ',
          GrpcStatus::Unauthenticated, ' ', FilterHeadersStatus::StopAllIterationAndWatermark, ' ',
          FilterDataStatus::StopIterationNoBuffer, ' ', FilterTrailersStatus::StopIteration, ' ', MetricType::Gauge,
          ' ', PeerType::Remote);
}

}  // namespace

bool callLog(const Call& call) {
  if (call.function == "log") {
    log(static_cast<LogLevel>(call.number<int>(0)), call.text(1));
  } else if (call.function == "logEach") {
    logTrace("t ", call.text(0));
    logDebug("d ", call.text(0));
    logInfo("i ", call.text(0));
    logWarn("w ", call.text(0));
    logError("e ", call.text(0));
    logCritical("c ", call.text(0));
  } else if (call.function == "logNumbers") {
    logNumbers();
  } else if (call.function == "logTexts") {
    logTexts();
  } else if (call.function == "logEnums") {
    logEnums();
  } else if (call.function == "logNothing") {
    logInfo();
  } else if (call.function == "logStatus") {
    logInfo(static_cast<Status>(call.number<int>(0)), ' ', static_cast<GrpcStatus>(call.number<int>(0)));
  } else if (call.function == "logLong") {
    // Many small parts and a few large ones, so that the line's memory has to grow.
    const std::string piece(call.number<size_t>(0), 'x');
    log(LogLevel::Info, piece, '1', piece, "2", piece, 3, piece);
  } else if (call.function == "logEnabled") {
    call.reportValue(logEnabled(static_cast<LogLevel>(call.number<int>(0))));
  } else if (call.function == "warnUnlessOk") {
    call.reportValue(warnUnlessOk(static_cast<Status>(call.number<int>(0)), call.text(1)));
  } else {
    return false;
  }
  return true;
}

}  // namespace script
