#include "project/probe.h"

#include <boost/regex.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "players/child_process.h"
#include "players/player.h"
#include "scenario/read_file.h"

namespace sluice::cli {

namespace fs = std::filesystem;

std::string Answer::line(const std::string& text) const {
  size_t at = output.find(text);
  if (at == std::string::npos) at = 0;
  const size_t before = output.rfind('\n', at);
  const size_t start = before == std::string::npos || at == 0 ? 0 : before + 1;
  return output.substr(start, output.find('\n', start) - start);
}

std::string Answer::version() const {
  static const boost::regex kVersion("[0-9]+\\.[0-9]+(\\.[0-9]+)?");
  boost::smatch match;
  return boost::regex_search(output, match, kVersion) ? match.str() : std::string();
}

Answer Probe::ask(const std::vector<std::string>& arguments) {
  constexpr std::chrono::minutes kLimit(2);
  constexpr uintmax_t kMaxOutput = 1u << 20;
  const fs::path log = path("output" + std::to_string(++asked_));
  try {
    scenario::ChildProcess child(arguments, log);
    const auto ended = child.wait(kLimit);
    if (!ended) return {false, "it did not end within two minutes"};
    Answer answer{*ended == "exit code 0", scenario::readFile(log, kMaxOutput)};
    if (answer.output.empty() && !answer.succeeded) answer.output = *ended;
    return answer;
  } catch (const std::runtime_error& error) {
    return {false, error.what()};
  }
}

fs::path Probe::write(const std::string& name, const std::string& text) {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

fs::path Probe::path(const std::string& name) const { return folder_.path() / name; }

bool isOlder(const std::string& a, const std::string& b) {
  std::istringstream left(a);
  std::istringstream right(b);
  while (true) {
    unsigned x = 0;
    unsigned y = 0;
    const bool hasX = static_cast<bool>(left >> x);
    const bool hasY = static_cast<bool>(right >> y);
    if (!hasX && !hasY) return false;
    if ((hasX ? x : 0) != (hasY ? y : 0)) return (hasX ? x : 0) < (hasY ? y : 0);
    left.ignore();
    right.ignore();
  }
}

std::string environmentVariable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace sluice::cli
