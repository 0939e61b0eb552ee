// Properties: what filters read with get_property, serialised as Envoy serialises them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::host {

class Context;

/// The bytes of the property at `path` (segments separated by zero bytes) as `context` sees it, or nothing.
std::optional<std::string> findProperty(Context& context, std::string_view path);

/// "request.headers.x" from "request\0headers\0x".
std::string dotted(std::string_view path);

}  // namespace sluice::host
