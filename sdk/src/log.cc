#include "sluice/log.h"

#include <cstring>

#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

namespace sluice {

namespace {
// The lowest level that the host shows; unknown until it is asked in this callback.
constexpr LogLevel kUnknown = static_cast<LogLevel>(-1);
LogLevel shown = kUnknown;
}  // namespace

void internal::forgetLogLevel() { shown = kUnknown; }

bool logEnabled(LogLevel level) {
  if (shown == kUnknown && abi::proxy_get_log_level(&shown) != Status::Ok) shown = LogLevel::Trace;
  return level >= shown;
}

bool warnUnlessOk(Status status, std::string_view what) {
  if (status == Status::Ok) return true;
  logWarn(what, ": ", status);
  return false;
}

namespace internal {

void LogLine::append(std::string_view text) {
  if (text.size() > capacity_ - size_) {
    const size_t capacity = 2 * (size_ + text.size()) + 64;
    auto* data = static_cast<char*>(arenaAllocate(capacity));
    if (data == nullptr) return;
    if (size_ != 0) std::memcpy(data, data_, size_);
    data_ = data;
    capacity_ = capacity;
  }
  if (!text.empty()) std::memcpy(data_ + size_, text.data(), text.size());
  size_ += text.size();
}

namespace {
template <class Unsigned>
void appendDigits(LogLine& line, Unsigned magnitude, bool negative) {
  char digits[21];
  char* first = digits + sizeof digits;
  do {
    *--first = static_cast<char>('0' + magnitude % 10);
    magnitude /= 10;
  } while (magnitude != 0);
  if (negative) *--first = '-';
  line.append(std::string_view(first, static_cast<size_t>(digits + sizeof digits - first)));
}
}  // namespace

void LogLine::appendDecimal(uint32_t magnitude, bool negative) { appendDigits(*this, magnitude, negative); }
void LogLine::appendDecimal64(uint64_t magnitude, bool negative) { appendDigits(*this, magnitude, negative); }

void LogLine::send(LogLevel level) const {
  // A log line that the host does not take has nowhere else to be reported.
  static_cast<void>(abi::proxy_log(level, data_, size_));
}

}  // namespace internal
}  // namespace sluice
