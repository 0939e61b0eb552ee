#include "sluice/host/text.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>

namespace sluice::host {
namespace {

// Appends `prefix` and the byte's two digits, such as %2F.
void appendHex(std::string& text, std::string_view prefix, unsigned char byte, std::string_view digits) {
  text += prefix;
  text += {digits[byte >> 4U], digits[byte & 0xfU]};
}

template <class Keeps>
std::string encoded(std::string_view text, const Keeps& keeps) {
  std::string result;
  for (const char c : text) {
    if (keeps(c)) {
      result += c;
    } else {
      appendHex(result, "%", static_cast<unsigned char>(c), "0123456789ABCDEF");
    }
  }
  return result;
}

bool isPrintable(char c) { return c >= ' ' && c <= '~'; }

bool isUnreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

/// Whether the text that a mangled name stands for may be far longer than the name. A back reference (`S1_`, `T_`)
/// repeats earlier text, so each can double the whole; the name of an outer scope (`NS1_`) alone cannot.
bool mayExplode(std::string_view name) {
  constexpr size_t kHarmlessSize = 128;
  constexpr size_t kHarmlessReferences = 12;
  if (name.size() <= kHarmlessSize) return false;
  size_t references = 0;
  for (size_t i = 1; i < name.size(); ++i) {
    if ((name[i] != 'S' && name[i] != 'T') || name[i - 1] == 'N') continue;
    const size_t end = name.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", i + 1);
    if (end != std::string_view::npos && name[end] == '_') ++references;
  }
  return references > kHarmlessReferences;
}

}  // namespace

std::string lowerCase(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string percentEncoded(std::string_view text) {
  return encoded(text, [](char c) { return isPrintable(c) && c != '%'; });
}

std::string urlEncoded(std::string_view text) { return encoded(text, isUnreserved); }

std::string quote(std::string_view text, size_t limit) {
  std::string result = "\"";
  for (const char c : text.substr(0, limit)) {
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\r') {
      result += "\\r";
    } else if (c == '\t') {
      result += "\\t";
    } else if (isPrintable(c)) {
      result += c;
    } else {
      appendHex(result, "\\x", static_cast<unsigned char>(c), "0123456789abcdef");
    }
  }
  result += '"';
  if (text.size() > limit) result += " … (" + std::to_string(text.size()) + " bytes)";
  return result;
}

std::string quoteUnlessPrintable(std::string_view text, size_t limit) {
  const bool isPlain = text.size() <= limit && std::all_of(text.begin(), text.end(), isPrintable);
  return isPlain ? std::string(text) : quote(text, limit);
}

std::string demangled(const std::string& name) {
  if (mayExplode(name)) return name;
  int status = 0;
  char* text = __cxxabiv1::__cxa_demangle(name.c_str(), nullptr, nullptr, &status);
  if (text == nullptr) return name;
  std::string result = text;
  std::free(text);
  return result;
}

}  // namespace sluice::host
