// Writes the traffic that passed the proxy as a scenario.
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "proxy/settings.h"
#include "proxy/taps.h"
#include "proxy/tcp_relay.h"

namespace sluice::proxy {

/// A scenario file that grows with the traffic. It exists from the first exchange or connection on, and then is a valid
/// scenario at any time. A failure to write it ends the recording; problem() tells.
class Recording {
 public:
  /// Throws std::runtime_error if no file can be written to the folder of `file`.
  Recording(std::filesystem::path file, const scenario::Filter& filter, bool withSecrets);
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  void add(const TappedExchange& exchange);
  void add(const RelayedConnection& connection);

  [[nodiscard]] size_t recorded() const { return recorded_; }  ///< How many were written.
  [[nodiscard]] size_t left() const { return left_; }  ///< How many a scenario cannot express, or were broken off.
  /// Why the file is not complete; empty if it is.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void append(const char* list, const nlohmann::ordered_json& entry);

  std::filesystem::path file_;
  nlohmann::ordered_json head_;  // The top-level keys before the list.
  bool withSecrets_;
  int descriptor_ = -1;
  size_t size_ = 0;
  size_t recorded_ = 0;
  size_t left_ = 0;
  std::string problem_;
};

}  // namespace sluice::proxy
