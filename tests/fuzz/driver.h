// Calls the filter's callbacks as the fuzzer's input says.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "fake_host.h"

namespace sluice::fuzz {

/// One run: callbacks in any order, for any context, with any arguments, also while the filter makes a hostcall. The
/// input is followed by pseudo-random bytes that depend on it, so that short inputs make long runs, too.
class Driver {
 public:
  Driver(const uint8_t* data, size_t size);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  /// Creates the context `id`; a root context when `parent` is 0. Every fourth root context gets the root_id "tcp".
  void create(uint32_t id, uint32_t parent);
  /// Calls proxy_on_configure.
  void configure(uint32_t id);
  /// Makes callbacks until the input is used up.
  void run();

 private:
  void callBack();
  void callBackAboutCallout(uint8_t what, uint32_t id, uint32_t argument);
  void callBackDuringHostcall();

  std::string input_;
  int depth_ = 0;
  std::set<uint32_t> created_;
};

}  // namespace sluice::fuzz
