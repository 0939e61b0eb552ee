// Checks the syntax of headers (RFC 9110, sections 5.5 and 5.6.2).
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

/// Whether `text` has only characters that are allowed in header names. True for an empty text.
inline bool isNameText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

/// Whether `text` may be a header's value: it has no control characters except tabs.
inline bool isValueText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return code == '\t' || (code >= ' ' && code != 0x7f);
  });
}

/// Returns `text` without the spaces and tabs at its ends (RFC 9110, section 5.6.3).
inline std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Converts to lower case, in which hosts give header names.
inline std::string toLowerCase(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}
