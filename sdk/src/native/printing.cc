// What a native filter prints is a log line, as in a module: of level Info on stdout, of level Error on stderr.
//
// The functions have names of their own here for the reason that process.cc gives. Compilers call some of them in place
// of others, such as puts for printf. Not among them is what the C++ library prints: std::cout writes to the test's own
// output.
#include <cstdarg>
#include <cstdio>
#include <string>
#include <string_view>

#include "sluice/log.h"

#define SLUICE_HIDDEN [[gnu::visibility("hidden")]]

namespace sluice::internal {

namespace {

// What was printed of a line so far.
std::string& lineOf(const std::FILE* stream) {
  static std::string out;
  static std::string error;
  return stream == stderr ? error : out;
}

void endLine(const std::FILE* stream) {
  auto& line = lineOf(stream);
  if (!line.empty()) log(stream == stderr ? LogLevel::Error : LogLevel::Info, line);
  line.clear();
}

// Returns whether all of it was written.
bool print(std::FILE* stream, std::string_view text) {
  if (stream != stdout && stream != stderr) {  // one in memory
    return fwrite_unlocked(text.data(), 1, text.size(), stream) == text.size();
  }
  for (const char character : text) {
    if (character == '\n') {
      endLine(stream);
    } else {
      lineOf(stream) += character;
    }
  }
  return true;
}

int printFormatted(std::FILE* stream, const char* format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  const int size = std::vsnprintf(nullptr, 0, format, again);
  va_end(again);
  if (size < 0) return size;
  std::string text(static_cast<size_t>(size) + 1, '\0');
  std::vsnprintf(text.data(), text.size(), format, arguments);
  text.pop_back();
  return print(stream, text) ? size : EOF;
}

}  // namespace

extern "C" {

SLUICE_HIDDEN int sluicePuts(const char* text) __asm__("puts");
int sluicePuts(const char* text) {
  print(stdout, text);
  print(stdout, "\n");
  return 1;
}

SLUICE_HIDDEN int sluicePutchar(int character) __asm__("putchar");
SLUICE_HIDDEN int sluiceFputc(int character, std::FILE* stream) __asm__("fputc");
SLUICE_HIDDEN int sluicePutc(int character, std::FILE* stream) __asm__("putc");
int sluiceFputc(int character, std::FILE* stream) {
  const auto byte = static_cast<char>(character);
  return print(stream, {&byte, 1}) ? static_cast<unsigned char>(byte) : EOF;
}
int sluicePutc(int character, std::FILE* stream) { return sluiceFputc(character, stream); }
int sluicePutchar(int character) { return sluiceFputc(character, stdout); }

SLUICE_HIDDEN int sluiceFputs(const char* text, std::FILE* stream) __asm__("fputs");
int sluiceFputs(const char* text, std::FILE* stream) { return print(stream, text) ? 1 : EOF; }

SLUICE_HIDDEN size_t sluiceFwrite(const void* data, size_t size, size_t count, std::FILE* stream) __asm__("fwrite");
size_t sluiceFwrite(const void* data, size_t size, size_t count, std::FILE* stream) {
  return print(stream, {static_cast<const char*>(data), size * count}) ? count : 0;
}

SLUICE_HIDDEN int sluiceVfprintf(std::FILE* stream, const char* format, va_list arguments) __asm__("vfprintf");
int sluiceVfprintf(std::FILE* stream, const char* format, va_list arguments) {
  return printFormatted(stream, format, arguments);
}

SLUICE_HIDDEN int sluiceVprintf(const char* format, va_list arguments) __asm__("vprintf");
int sluiceVprintf(const char* format, va_list arguments) { return printFormatted(stdout, format, arguments); }

SLUICE_HIDDEN int sluiceFprintf(std::FILE* stream, const char* format, ...) __asm__("fprintf");
int sluiceFprintf(std::FILE* stream, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int size = printFormatted(stream, format, arguments);
  va_end(arguments);
  return size;
}

SLUICE_HIDDEN int sluicePrintf(const char* format, ...) __asm__("printf");
int sluicePrintf(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int size = printFormatted(stdout, format, arguments);
  va_end(arguments);
  return size;
}

SLUICE_HIDDEN int sluiceFlush(std::FILE* stream) __asm__("fflush");
int sluiceFlush(std::FILE* stream) {
  if (stream == nullptr || stream == stdout) endLine(stdout);
  if (stream == nullptr || stream == stderr) endLine(stderr);
  return stream == nullptr || stream == stdout || stream == stderr ? 0 : fflush_unlocked(stream);
}

}  // extern "C"

}  // namespace sluice::internal
