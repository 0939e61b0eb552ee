// The hostcalls that a script can make. Each step is a single hostcall without the SDK's checks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../call.h"

namespace script {

// Each function makes the hostcall that the call names and appends its output to `result`. Returns nothing when the
// hostcall belongs to another group.
std::optional<sluice::Status> callHeaders(const Call& call, std::string& result);
std::optional<sluice::Status> callBody(const Call& call, std::string& result);
std::optional<sluice::Status> callProperty(const Call& call, std::string& result);
std::optional<sluice::Status> callStream(const Call& call);
std::optional<sluice::Status> callState(const Call& call, std::string& result);
std::optional<sluice::Status> callHttp(const Call& call, const Place& place, std::string& result);
std::optional<sluice::Status> callGrpc(const Call& call, const Place& place);

/// `bytes` in brackets, after a space; all but printable ASCII as \xNN.
std::string show(std::string_view bytes);
/// A serialized header map as ` name=value…`.
std::string showPairs(std::string_view bytes);
/// The ABI's serialization of `more` followed by the call's arguments `name=value` from `first` on.
std::string serialize(const Call& call, size_t first, const std::vector<std::string>& more = {});

}  // namespace script
