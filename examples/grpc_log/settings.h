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

  /// False, after a log line that names the mistake, when `root` is no configuration.
  bool read(json::Value root);
};
