// The ABI's serialisation of header maps: lists of pairs of strings.
#pragma once

#include <string>
#include <string_view>

#include "sluice/host/message.h"

namespace sluice::host {

/// Serialises pairs: the count, the lengths, then each name and value with a terminating zero.
std::string encodePairs(const Headers& pairs);

/// Deserialises pairs. As in the reference host, a list that is malformed, larger than 1 MiB or longer than 1,024 pairs
/// reads as empty.
Headers decodePairs(std::string_view bytes);

}  // namespace sluice::host
