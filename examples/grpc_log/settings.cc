#include "grpc_log/settings.h"

namespace {

bool readTime(json::Value root, std::string_view key, std::chrono::milliseconds& time, uint32_t min, uint32_t max) {
  auto milliseconds = static_cast<uint32_t>(time.count());
  if (!root.read(key, milliseconds, min, max)) return false;
  time = std::chrono::milliseconds(milliseconds);
  return true;
}

}  // namespace

bool Settings::read(json::Value root) {
  std::string_view clusterText;
  std::string_view logNameText;
  if (!root.isObjectOf({"cluster", "log_name", "flush_bytes", "flush_interval_ms", "max_buffered_bytes", "timeout_ms",
                        "max_attempts"}) ||
      !root.require("cluster", clusterText) || !root.read("log_name", logNameText) ||
      !root.read("flush_bytes", flushBytes, 1, 1 << 20) ||
      !readTime(root, "flush_interval_ms", flushInterval, 10, 600'000) ||
      !root.read("max_buffered_bytes", maxBytes, 16384, 16 << 20) ||
      !readTime(root, "timeout_ms", timeout, 1, 60'000) || !root.read("max_attempts", maxAttempts, 1, 20))
    return false;
  if (clusterText.empty()) return root.find("cluster")->fail("is empty");
  if (flushBytes > maxBytes) return root.fail("max_buffered_bytes is less than ", "flush_bytes");
  cluster = clusterText;
  logName = logNameText;
  return true;
}
