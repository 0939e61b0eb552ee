// JSON as YAML, for people to read and edit.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace sluice::deploy {

/// `json` as YAML in block style, keys in their order. Every string is quoted that YAML could take for anything else;
/// bytes that are not UTF-8 become U+FFFD. Ends with a newline.
std::string toYaml(const nlohmann::ordered_json& json);

}  // namespace sluice::deploy
