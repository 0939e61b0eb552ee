// What WebAssembly the host takes: what wabt takes by default, and tail calls.
#pragma once

#include "wabt/feature.h"

namespace sluice::host::interpreter {

inline wabt::Features features() {
  wabt::Features features;
  features.enable_tail_call();
  return features;
}

}  // namespace sluice::host::interpreter
