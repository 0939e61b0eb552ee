// Lists of pairs of strings, as the ABI serialises header maps and lists.
#pragma once

#include <string>
#include <string_view>

#include "sluice/host/message.h"

namespace sluice::host {

/// Pairs as bytes: the count, the lengths, then each name and value with a terminating zero.
std::string encodePairs(const Headers& pairs);

/// Bytes as pairs. Like the reference host, a malformed list, one above 1 MiB or one of more than 1,024 pairs reads as
/// empty.
Headers decodePairs(std::string_view bytes);

}  // namespace sluice::host
