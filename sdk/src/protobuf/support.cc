// Replaces protobuf's stubs/common.cc: log lines of the runtime go to the host's log, and fatal errors trap.
// Protobuf's own version writes to stderr, which needs iostreams and WASI imports.
#include <google/protobuf/stubs/common.h>
#include <google/protobuf/stubs/logging.h>

#include <bit>
#include <string>
#include <string_view>

#include "sluice/internal/runtime.h"
#include "sluice/log.h"

namespace google::protobuf {

uint32_t ghtonl(uint32_t value) { return std::endian::native == std::endian::big ? value : __builtin_bswap32(value); }

#if defined(__wasm__)
// All that the lite runtime uses of stubs/stringpiece.cc, whose rest is for iostreams; the full runtime has that file.
[[gnu::weak]] void stringpiece_internal::StringPiece::LogFatalSizeTooBig(size_t, const char*) {
  sluice::internal::fatal("protobuf: a string is larger than 2 GiB");
}
#endif

namespace internal {

namespace {

sluice::LogLevel levelOf(LogLevel level) {
  switch (level) {
    case LOGLEVEL_INFO:
      return sluice::LogLevel::Info;
    case LOGLEVEL_WARNING:
      return sluice::LogLevel::Warn;
    default:
      return sluice::LogLevel::Error;
  }
}

}  // namespace

// Nothing to check: Sluice compiles the runtime and the messages from the same version of protobuf.
void VerifyVersion(int, int, const char*) {}

// The line is built in the callback's memory, not in message_.
LogMessage::LogMessage(LogLevel level, const char* filename, int line)
    : level_(level), filename_(filename), line_(line) {
  sluice::internal::appendToLog("protobuf: ");
  sluice::internal::appendToLog(std::string_view(filename));
  sluice::internal::appendToLog(':');
  sluice::internal::appendToLog(line);
  sluice::internal::appendToLog(": ");
}
LogMessage::~LogMessage() = default;

LogMessage& LogMessage::operator<<(const std::string& value) {
  sluice::internal::appendToLog(std::string_view(value));
  return *this;
}
LogMessage& LogMessage::operator<<(const char* value) {
  sluice::internal::appendToLog(std::string_view(value));
  return *this;
}
LogMessage& LogMessage::operator<<(const StringPiece& value) {
  sluice::internal::appendToLog(std::string_view(value.data(), value.size()));
  return *this;
}
#define SLUICE_LOG_OPERATOR(Type)                  \
  LogMessage& LogMessage::operator<<(Type value) { \
    sluice::internal::appendToLog(value);          \
    return *this;                                  \
  }
SLUICE_LOG_OPERATOR(char)
SLUICE_LOG_OPERATOR(int)
SLUICE_LOG_OPERATOR(unsigned)
SLUICE_LOG_OPERATOR(long)
SLUICE_LOG_OPERATOR(unsigned long)
SLUICE_LOG_OPERATOR(long long)
SLUICE_LOG_OPERATOR(unsigned long long)
#undef SLUICE_LOG_OPERATOR
// Used only in the messages of checks that never fail.
LogMessage& LogMessage::operator<<(double) { return *this; }
LogMessage& LogMessage::operator<<(void*) { return *this; }

void LogMessage::Finish() {
  sluice::internal::sendLog(levelOf(level_));
  if (level_ == LOGLEVEL_FATAL) sluice::internal::fatal("protobuf: a check failed; see the line before");
}

void LogFinisher::operator=(LogMessage& other) { other.Finish(); }

}  // namespace internal
}  // namespace google::protobuf
