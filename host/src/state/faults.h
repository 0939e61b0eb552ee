// The faults that a test makes the host play.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/abi.h"

namespace sluice::host {

/// A wrong result of a hostcall.
struct Fault {
  Status status;
  std::optional<std::string> bytes;  ///< Given to the guest in place of the real ones.
  /// An address and a size that the host writes where the guest expects those of the result, without writing any bytes.
  struct Place {
    uint64_t address;
    uint64_t size;
  };
  std::optional<Place> place = std::nullopt;
};

class Faults {
 public:
  void fail(std::string_view hostcall, Fault fault, uint64_t times) {
    faults_[std::string(hostcall)] = {std::move(fault), times};
  }
  void failAll(Status status) { all_ = status; }
  void failAllocation(uint64_t n, bool andAllLater) {
    allocation_ = allocations_ + n;
    andAllLater_ = andAllLater;
  }
  void clear() {
    faults_.clear();
    all_.reset();
    allocation_ = 0;
  }

  /// The fault for this call, if any.
  std::optional<Fault> next(std::string_view hostcall) {
    auto entry = faults_.find(hostcall);
    if (entry != faults_.end() && entry->second.times > 0) {
      --entry->second.times;
      return entry->second.fault;
    }
    if (all_) return Fault{*all_, std::nullopt, std::nullopt};
    return std::nullopt;
  }

  /// Counts an allocation; returns whether it must fail.
  bool allocationFails() {
    ++allocations_;
    return allocation_ != 0 && (andAllLater_ ? allocations_ >= allocation_ : allocations_ == allocation_);
  }

 private:
  struct Entry {
    Fault fault;
    uint64_t times;
  };
  std::map<std::string, Entry, std::less<>> faults_;
  std::optional<Status> all_;
  uint64_t allocations_ = 0;
  uint64_t allocation_ = 0;
  bool andAllLater_ = false;
};

}  // namespace sluice::host
