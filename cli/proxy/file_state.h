// Notices that files have changed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <tuple>
#include <vector>

namespace sluice::proxy {

/// What tells one version of each file from another. Files that do not exist are left out.
using FileState = std::map<std::filesystem::path, std::tuple<std::filesystem::file_time_type, uintmax_t, uint64_t>>;

FileState stateOf(const std::vector<std::filesystem::path>& files);

}  // namespace sluice::proxy
