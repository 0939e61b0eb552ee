// The SDK functions that a script can call.
#pragma once

#include <string_view>

#include "../call.h"

namespace script {

// Each makes the call and returns true, or returns false when it does not know the function.
bool callHeaderMap(const Call& call);
bool callBuffer(const Call& call);
bool callProperty(const Call& call);
bool callSharedState(const Call& call);
bool callMetric(const Call& call);
bool callLog(const Call& call);
bool callContext(const Call& call, Place& place);
bool callConnection(const Call& call, Connection& connection);
bool callCallout(const Call& call, Place& place);
bool callResult(const Call& call);

/// The text before the first dot of the function's name; empty when there is no dot.
inline std::string_view objectOf(std::string_view function) {
  const auto dot = function.find('.');
  return dot == function.npos ? std::string_view() : function.substr(0, dot);
}
inline std::string_view methodOf(std::string_view function) {
  const auto dot = function.find('.');
  return dot == function.npos ? function : function.substr(dot + 1);
}

}  // namespace script
