#include "state/recorder.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace sluice::host {
namespace {

uint64_t sizeOf(const std::vector<CrossingValue>& values) {
  uint64_t size = 0;
  for (const auto& value : values) {
    size += value.bytes.size();
    for (const auto& [name, content] : value.fields) size += name.size() + content.size();
  }
  return size;
}

}  // namespace

std::vector<FunctionInstructions> Recorder::functions() const {
  std::map<std::pair<std::string, std::string>, uint64_t> sums;
  for (const auto& report : functions_) {
    for (auto& entry : report()) sums[{std::move(entry.module), std::move(entry.function)}] += entry.instructions;
  }
  std::vector<FunctionInstructions> result;
  result.reserve(sums.size());
  for (const auto& [name, instructions] : sums) result.push_back({name.first, name.second, instructions});
  return result;
}

void Recorder::begin(Crossing crossing) {
  crossing.depth = static_cast<uint32_t>(open_.size());
  if (crossings_.size() < limit_ && valueBytesLeft_ > 0) {
    open_.push_back({crossings_.size(), bytes_});
    crossings_.push_back(std::move(crossing));
  } else {
    ++dropped_;
    open_.push_back({SIZE_MAX, bytes_});
  }
}

Crossing* Recorder::open() {
  if (open_.empty() || open_.back().index >= crossings_.size()) return nullptr;
  return &crossings_[open_.back().index];
}

void Recorder::end(uint64_t instructions) {
  if (Crossing* crossing = open()) {
    crossing->instructions = instructions;
    crossing->bytesCopied = bytes_ - open_.back().bytesBefore;
    valueBytesLeft_ -= std::min(valueBytesLeft_, sizeOf(crossing->arguments) + sizeOf(crossing->results));
  }
  open_.pop_back();
}

}  // namespace sluice::host
