#include "deploy/yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "sluice/host/text.h"

namespace sluice::deploy {
namespace {

using nlohmann::ordered_json;

// Whether YAML's every version takes `text` for this string when it is not quoted.
bool isPlain(std::string_view text) {
  static const std::set<std::string> kWords = {"y",    "n",     "yes",  "no",  "on", "off",
                                               "true", "false", "null", "nan", "inf"};
  const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto mayFollow = [&](char c) {
    return isLetter(c) || (c >= '0' && c <= '9') || std::string_view("_-./").find(c) != std::string_view::npos;
  };
  return !text.empty() && (isLetter(text.front()) || text.front() == '/') &&
         std::all_of(text.begin(), text.end(), mayFollow) && !kWords.contains(host::lowerCase(text));
}

// Whether a literal block keeps `text` as it is: lines of printable text, the last of which ends.
bool isBlock(std::string_view text) {
  if (text.size() < 2 || !text.ends_with('\n') || text.ends_with("\n\n")) return false;
  if (text.front() == ' ' || text.front() == '\n') return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

void emitText(YAML::Emitter& out, const std::string& text) {
  if (isBlock(text)) {
    out << YAML::Literal << text.substr(0, text.size() - 1);
  } else if (isPlain(text)) {
    out << text;
  } else {
    out << YAML::DoubleQuoted << text;
  }
}

void emit(YAML::Emitter& out, const ordered_json& json) {
  switch (json.type()) {
    case ordered_json::value_t::object:
      out << (json.empty() ? YAML::Flow : YAML::Block) << YAML::BeginMap;
      for (const auto& [key, value] : json.items()) {
        out << YAML::Key;
        isPlain(key) ? out << key : out << YAML::DoubleQuoted << key;
        out << YAML::Value;
        emit(out, value);
      }
      out << YAML::EndMap;
      break;
    case ordered_json::value_t::array:
      out << (json.empty() ? YAML::Flow : YAML::Block) << YAML::BeginSeq;
      for (const auto& value : json) emit(out, value);
      out << YAML::EndSeq;
      break;
    case ordered_json::value_t::string:
      emitText(out, json.get_ref<const std::string&>());
      break;
    case ordered_json::value_t::null:
      out << YAML::Null;
      break;
    default:
      out << json.dump();  // Numbers, true and false are written as in JSON.
  }
}

}  // namespace

std::string toYaml(const ordered_json& json) {
  YAML::Emitter out;
  emit(out, json);
  return std::string(out.c_str()) + "\n";
}

}  // namespace sluice::deploy
