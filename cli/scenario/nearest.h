// Suggests a known word for a misspelt one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sluice::scenario {

/// ` (did you mean 'word'?)` with the known word that is nearest to `word`; empty when none is near.
std::string didYouMean(std::string_view word, std::span<const std::string_view> known);

/// Words for a message: `a, b, c`; `none` when there are none.
std::string listed(std::span<const std::string_view> words);

}  // namespace sluice::scenario
