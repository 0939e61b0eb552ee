#include "proxy/taps.h"

#include <yaml-cpp/binary.h>

#include <algorithm>
#include <fstream>
#include <istream>
#include <nlohmann/json.hpp>

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string decoded(const std::string& base64) {
  const auto bytes = YAML::DecodeBase64(base64);
  return {bytes.begin(), bytes.end()};
}

host::Headers headersIn(const json& segment) {
  host::Headers headers;
  for (const auto& entry : segment.value("headers", json::array())) {
    const std::string raw = entry.value("raw_value", "");
    headers.emplace_back(entry.value("key", ""), raw.empty() ? entry.value("value", "") : decoded(raw));
  }
  return headers;
}

void addPiece(const json& segment, Tapped& message) {
  std::string bytes = decoded(segment.value("as_bytes", ""));
  message.truncated =
      message.truncated || segment.value("truncated", false) || message.body().size() + bytes.size() > kMaxTapped;
  if (!message.truncated && !bytes.empty()) message.chunks.push_back(std::move(bytes));
}

// Adds what a part of a file says about the message `which`.
void addSegment(const json& trace, const std::string& which, Tapped& message) {
  const auto part = [&](const char* name) -> const json* {
    const auto found = trace.find(which + name);
    return found == trace.end() ? nullptr : &*found;
  };
  if (const auto* headers = part("_headers")) message.headers = headersIn(*headers);
  if (const auto* piece = part("_body_chunk")) addPiece(*piece, message);
  if (const auto* trailers = part("_trailers")) message.trailers = headersIn(*trailers);
}

// Reads a file of JSON objects that follow one another.
void read(const fs::path& file, Tapped& request, Tapped& response) {
  std::ifstream stream(file, std::ios::binary);
  while ((stream >> std::ws).good()) {
    json segment;
    try {
      stream >> segment;
    } catch (const json::exception&) {
      return;  // What follows is missing: the disk was full.
    }
    const json trace = segment.value("http_streamed_trace_segment", json::object());
    addSegment(trace, "request", request);
    addSegment(trace, "response", response);
  }
}

fs::path fileOf(const fs::path& folder, const char* side, const std::string& number) {
  return folder / (std::string(side) + "_" + number);
}

}  // namespace

std::vector<std::string> tappedRequests(const fs::path& folder, std::chrono::milliseconds age) {
  const std::string prefix = std::string(kOver) + "_";
  const auto latest = fs::file_time_type::clock::now() - age;
  std::vector<std::pair<fs::file_time_type, std::string>> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    const auto time = entry.last_write_time(error);
    if (!error && time <= latest) found.emplace_back(time, name.substr(prefix.size()));
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> numbers;
  for (auto& [time, number] : found) numbers.push_back(std::move(number));
  return numbers;
}

size_t countTapped(const fs::path& folder) {
  const std::string prefix = std::string(kClientSide) + "_";
  std::error_code error;
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename().string().starts_with(prefix)) ++count;
  }
  return count;
}

TappedExchange takeTapped(const fs::path& folder, const std::string& number) {
  TappedExchange exchange;
  read(fileOf(folder, kClientSide, number), exchange.clientRequest, exchange.clientResponse);
  read(fileOf(folder, kUpstreamSide, number), exchange.upstreamRequest, exchange.upstreamResponse);
  std::error_code error;
  for (const char* side : {kClientSide, kUpstreamSide, kOver}) fs::remove(fileOf(folder, side, number), error);
  return exchange;
}

}  // namespace sluice::proxy
