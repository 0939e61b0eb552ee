// WASI preview 1 as proxies provide it: clock, random numbers, environment, and stdout and stderr as logs. As in the
// reference host, all other functions return an error.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "abi/value_kind.h"

namespace sluice::host {

class Caller;

/// The index of the function `name`, or nothing when proxies do not provide it.
std::optional<uint32_t> findWasi(std::string_view name);
std::string_view wasiName(uint32_t index);
Signature wasiSignature(uint32_t index);
/// Performs a call; returns the errno.
uint64_t callWasi(Caller& caller, uint32_t index, std::span<const uint64_t> arguments);

}  // namespace sluice::host
