#include "sluice/log.h"

#include <cstring>

#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"
#include "sluice/internal/wasm_global.h"

namespace sluice {

namespace {
// The lowest level that the host shows, plus one; 0 until the host was asked in this callback. Unsigned, so that no
// number from the host overflows.
static internal::WasmGlobal<uint32_t> shown;
}  // namespace

void internal::forgetLogLevel() { shown = 0; }

[[gnu::noinline]] bool logEnabled(LogLevel level) {
  if (shown == 0) {
    internal::markCallbackMemory();
    static LogLevel lowest;
    // If the host does not know, assume that it shows all levels.
    if (abi::proxy_get_log_level(&lowest) != Status::Ok) lowest = LogLevel::Trace;
    shown = static_cast<uint32_t>(lowest) + 1;
  }
  return static_cast<int32_t>(level) >= static_cast<int32_t>(shown - 1);
}

namespace internal {

namespace {

static WasmGlobal<char*> lineData;
static WasmGlobal<size_t> lineSize;
static WasmGlobal<size_t> lineCapacity;

template <class Unsigned>
void appendDigits(Unsigned magnitude, bool negative) {
  char digits[21];
  char* first = digits + sizeof digits;
  do {
    *--first = static_cast<char>('0' + magnitude % 10);
    magnitude /= 10;
  } while (magnitude != 0);
  if (negative) *--first = '-';
  appendToLog(std::string_view(first, static_cast<size_t>(digits + sizeof digits - first)));
}

}  // namespace

void appendToLog(std::string_view text) {
  const size_t size = lineSize + text.size();
  if (size > lineCapacity) {
    auto* data = static_cast<char*>(arenaAllocate(2 * size));
    if (data == nullptr) return;
    if (lineSize != 0) std::memcpy(data, lineData, lineSize);
    lineData = data;
    lineCapacity = 2 * size;
  }
  if (!text.empty()) std::memcpy(lineData + lineSize, text.data(), text.size());
  lineSize = size;
}
void appendToLog(char character) { appendToLog(std::string_view(&character, 1)); }
void appendDecimalToLog(uint32_t magnitude, bool negative) { appendDigits(magnitude, negative); }
void appendDecimalToLog(uint64_t magnitude, bool negative) { appendDigits(magnitude, negative); }

[[gnu::noinline]] void warnOf(Status status, std::string_view what) {
  logWarn(what, ": status ", static_cast<uint32_t>(status));
}

void sendLog(LogLevel level) {
  // If the host refuses a log line, there is no other place to report it.
  static_cast<void>(abi::proxy_log(level, lineData, lineSize));
  lineSize = 0;
  lineCapacity = 0;
}

}  // namespace internal
}  // namespace sluice
