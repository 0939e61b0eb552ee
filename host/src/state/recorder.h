// The record of the crossings of all guests of a host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "sluice/host/crossing.h"

namespace sluice::host {

class Recorder {
 public:
  /// Reports the instructions of the functions of one guest.
  using FunctionReport = std::function<std::vector<FunctionInstructions>()>;

  /// Keeps the first `limit` crossings, and no more than `valueBytes` of their values, about.
  explicit Recorder(size_t limit, uint64_t valueBytes = uint64_t{64} << 20U)
      : limit_(limit), valueBytesLeft_(valueBytes) {}

  [[nodiscard]] const std::vector<Crossing>& crossings() const { return crossings_; }
  /// The number of crossings that were not kept.
  [[nodiscard]] uint64_t dropped() const { return dropped_; }
  void addFunctions(FunctionReport report) { functions_.push_back(std::move(report)); }
  /// The instructions of each function of all guests; functions of one module and name are one.
  [[nodiscard]] std::vector<FunctionInstructions> functions() const;

  /// Begins a crossing within the one that is open, if any, and sets its depth.
  void begin(Crossing crossing);
  /// The open crossing, to be completed; null when it is not kept. Valid until the next one begins.
  [[nodiscard]] Crossing* open();
  /// Ends the open crossing, of which the guest executed `instructions`.
  void end(uint64_t instructions);
  /// Counts bytes that were copied in the open crossings.
  void countBytes(uint64_t bytes) { bytes_ += bytes; }

 private:
  struct Open {
    size_t index;          // In crossings_; its size and more for one that is not kept.
    uint64_t bytesBefore;  // bytes_ at its beginning.
  };

  size_t limit_;
  uint64_t valueBytesLeft_;
  uint64_t dropped_ = 0;
  uint64_t bytes_ = 0;
  std::vector<Crossing> crossings_;
  std::vector<Open> open_;
  std::vector<FunctionReport> functions_;
};

}  // namespace sluice::host
