// The configuration of grpc_log.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "common/json.h"

struct Settings {
  std::string cluster;
  std::string logName;
  uint32_t flushBytes = 16384;
  uint32_t maxBytes = 262144;
  uint32_t maxAttempts = 5;
  std::chrono::milliseconds flushInterval{1000};
  std::chrono::milliseconds timeout{5000};

  /// Reads a configuration. On a mistake logs it and returns false.
  bool read(json::Value root);
};
