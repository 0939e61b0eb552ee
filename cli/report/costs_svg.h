// The counts of `sluice bench` as a picture.
#pragma once

#include <string>
#include <vector>

#include "report/costs.h"

namespace sluice::cli {

/// An SVG image with a bar for each callback's instructions and crossings, for each scenario. `others` holds the same
/// scenarios with another module, or nothing; their bars are below those of `results`.
std::string costsAsSvg(const std::vector<BenchResult>& results, const std::vector<BenchResult>& others);

}  // namespace sluice::cli
