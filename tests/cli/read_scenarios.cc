// Asks the scenario reader about many documents: for schema_test.py, which holds the schema against the reader.
//
//   read_scenarios < DOCUMENTS    documents that NUL bytes separate
//   read_scenarios --mistakes     the scenarios of mistakes.h
//
// Prints a line of JSON for each: {"yaml": its text, "error": the reader's message or null, "value": what the YAML
// holds; left out when it is not valid YAML}.
#include <algorithm>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "mistakes.h"
#include "scenario/scenario.h"
#include "scenario/yaml.h"

namespace {

using nlohmann::ordered_json;

ordered_json read(const std::string& yaml) {
  using namespace sluice::scenario;
  ordered_json result = {{"yaml", yaml}, {"error", nullptr}};
  try {
    parseScenario(yaml, "s.yaml");
  } catch (const ScenarioError& error) {
    result["error"] = error.what();
  }
  try {
    result["value"] = ordered_json::parse(YamlNode::parse(yaml, "s.yaml").toJson());
  } catch (const ScenarioError&) {
    // The reader has said so.
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "--mistakes") {
    for (const auto& mistake : sluice::scenario::kMistakes) std::cout << read(mistake.yaml) << '\n';
    return 0;
  }
  const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
  for (size_t begin = 0; begin < input.size();) {
    const size_t end = std::min(input.find('\0', begin), input.size());
    std::cout << read(input.substr(begin, end - begin)) << '\n';
    begin = end + 1;
  }
}
