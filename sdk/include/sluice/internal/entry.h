// What the functions do that the host calls; see callbacks.h. For the sources that compile them.
#pragma once

#include <type_traits>

#include "sluice/internal/callbacks.h"
#include "sluice/internal/runtime.h"

namespace sluice::internal {

// The ABI's arguments become the method's parameters by a cast: end_of_stream a bool, a queue's id a SharedQueue. Its
// result becomes the ABI's likewise. A callback for a context that is not there answers zero, which is Continue.
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

// For a table of callbacks: compiles their entries.
#define SLUICE_INTERNAL_COMPILE_ENTRY(to, snake_name, PascalName, result, parameters) \
  template struct Entry<callback::PascalName>;

}  // namespace sluice::internal
