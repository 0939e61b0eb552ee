// The functions that the host calls; see callbacks.h. Only the sources that compile them include this.
#pragma once

#include <type_traits>

#include "sluice/internal/callbacks.h"
#include "sluice/internal/runtime.h"

namespace sluice::internal {

// Casts convert the ABI's arguments to the method's parameters (end_of_stream to a bool, a queue's id to a
// SharedQueue), and the method's result to the ABI's. A callback for an unknown context returns zero, which is
// Continue.
template <class Callback, class To, class R, class... Args, class Result, class Class, class... Parameters>
R Entry<Callback, To, R(uint32_t, Args...), Result (Class::*)(Parameters...)>::call(uint32_t id, Args... args) {
  const CallbackScope scope;
  auto* const context = To::begin(id);
  if (context == nullptr) return R();
  if constexpr (std::is_void_v<R>)
    Callback::invoke(*context, static_cast<Parameters>(args)...);
  else
    return To::end(*context, static_cast<R>(Callback::invoke(*context, static_cast<Parameters>(args)...)));
}

// Pass it to a table of callbacks to compile their entries.
#define SLUICE_INTERNAL_COMPILE_ENTRY(to, snake_name, PascalName, result, parameters) \
  template struct Entry<callback::PascalName>;

}  // namespace sluice::internal
