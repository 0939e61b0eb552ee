// Log lines, and functions that stop the VM.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include "proxy_wasm_common.h"
#include "proxy_wasm_enums.h"
#include "proxy_wasm_externs.h"
#include "sluice/log.h"

/// Logs `logMessage` at the level (proxy_log).
inline WasmResult logTrace(std::string_view logMessage) {
  return proxy_log(LogLevel::trace, logMessage.data(), logMessage.size());
}
inline WasmResult logDebug(std::string_view logMessage) {
  return proxy_log(LogLevel::debug, logMessage.data(), logMessage.size());
}
inline WasmResult logInfo(std::string_view logMessage) {
  return proxy_log(LogLevel::info, logMessage.data(), logMessage.size());
}
inline WasmResult logWarn(std::string_view logMessage) {
  return proxy_log(LogLevel::warn, logMessage.data(), logMessage.size());
}
inline WasmResult logError(std::string_view logMessage) {
  return proxy_log(LogLevel::error, logMessage.data(), logMessage.size());
}
inline WasmResult logCritical(std::string_view logMessage) {
  return proxy_log(LogLevel::critical, logMessage.data(), logMessage.size());
}

/// Logs at Critical and stops the VM.
inline void logAbort(std::string_view logMessage) {
  logCritical(logMessage);
  abort();
}

#define SLUICE_COMPAT_TEXT(token) #token
#define SLUICE_COMPAT_TEXT_OF(macro) SLUICE_COMPAT_TEXT(macro)

// Logs a message with its source location, `[file:line]::function() …`. Below the level that the host shows, the
// message is not built.
#define LOG(_level, ...)                                                                                          \
  (::sluice::logEnabled(::sluice::LogLevel::_level)                                                               \
       ? log##_level(std::string("[" __FILE__ ":" SLUICE_COMPAT_TEXT_OF(__LINE__) "]::") + __FUNCTION__ + "() " + \
                     __VA_ARGS__)                                                                                 \
       : ::sluice_compat::notLogged())
#define LOG_TRACE(...) LOG(Trace, __VA_ARGS__)
#define LOG_DEBUG(...) LOG(Debug, __VA_ARGS__)
#define LOG_INFO(...) LOG(Info, __VA_ARGS__)
#define LOG_WARN(...) LOG(Warn, __VA_ARGS__)
#define LOG_ERROR(...) LOG(Error, __VA_ARGS__)
#define LOG_CRITICAL(...) LOG(Critical, __VA_ARGS__)

namespace sluice_compat {
inline WasmResult notLogged() { return WasmResult::Ok; }
}  // namespace sluice_compat

/// Unless the expression is Ok, logs it and stops the VM.
#define CHECK_RESULT(_c)                                   \
  do {                                                     \
    if ((_c) != WasmResult::Ok) {                          \
      proxy_log(LogLevel::critical, #_c, sizeof(#_c) - 1); \
      abort();                                             \
    }                                                      \
  } while (0)
