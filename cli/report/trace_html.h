// The record of a scenario's crossings as a page for a browser.
#pragma once

#include <string>

#include "scenario/scenario.h"
#include "scenario/trace.h"

namespace sluice::cli {

/// One page, which loads nothing: where the instructions go, and the sequence between client, proxy, guest and
/// upstream. All text from the scenario and from the guests is escaped.
std::string traceAsHtml(const scenario::Scenario& scenario, const scenario::Trace& trace);

}  // namespace sluice::cli
