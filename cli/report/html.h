// Text in HTML and SVG.
#pragma once

#include <string>
#include <string_view>

namespace sluice::cli {

/// `text` for HTML and XML, in an element or in a quoted attribute: what would be markup is escaped. Control
/// characters, those that change the direction of text, and bytes that are no UTF-8 are shown as \xNN.
std::string escaped(std::string_view text);

}  // namespace sluice::cli
