// The ABI's callbacks that a module exports.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "abi/abi32.h"
#include "abi/direction.h"

namespace sluice::host {

/// A callback of the ABI; `function` is the number of the exported function, or nothing when the module does not export
/// it.
template <class Function>
struct Callback {
  std::string_view name;
  std::optional<uint32_t> function;
};

/// The type that a host passes for a parameter: lengths become plain 64-bit integers.
template <class T>
using Argument = std::conditional_t<std::is_same_v<T, abi32::Size>, uint64_t, T>;

/// All callbacks of the ABI.
struct Callbacks {
#define SLUICE_CALLBACK_MEMBER(first, last, name, result, params) Callback<abi32::type::name> name{#name, {}};
  SLUICE_ABI_CALLBACKS(SLUICE_CALLBACK_MEMBER)
#undef SLUICE_CALLBACK_MEMBER
};

using HeadersCallback = Callback<abi32::type::proxy_on_request_headers>;

/// The callbacks for the parts of a message that goes in one direction.
struct MessageCallbacks {
  const HeadersCallback& headers;
  const Callback<abi32::type::proxy_on_request_body>& body;
  const Callback<abi32::type::proxy_on_request_trailers>& trailers;
  const Callback<abi32::type::proxy_on_request_metadata>& metadata;

  static MessageCallbacks of(const Callbacks& all, Direction direction) {
    if (direction == Direction::Request) {
      return {all.proxy_on_request_headers, all.proxy_on_request_body, all.proxy_on_request_trailers,
              all.proxy_on_request_metadata};
    }
    return {all.proxy_on_response_headers, all.proxy_on_response_body, all.proxy_on_response_trailers,
            all.proxy_on_response_metadata};
  }
};

}  // namespace sluice::host
