#include "grpc_log/batcher.h"

#include <algorithm>
#include <utility>

void Batcher::add(Entry entry) {
  // Approximately the memory of an entry: its texts, its fixed part, its place in the list, and the overhead of a batch
  // with one entry.
  const size_t size = entry.ByteSizeLong() + sizeof(Entry) + sizeof(void*) + sizeof(Batch);
  if (bytes_ + size > settings_.maxBytes) return lose(1);
  auto& batch = batchToFill();
  *batch.request.add_entries() = std::move(entry);
  batch.bytes += size;
  bytes_ += size;
}

Batcher::Batch& Batcher::batchToFill() {
  const bool newOne = isEmpty() || batches_.back().bytes >= settings_.flushBytes || (!isIdle() && batches_.size() == 1);
  return newOne ? batches_.emplace_back() : batches_.back();
}

const Batcher::WriteRequest* Batcher::next() {
  if (state_ == State::OnItsWay || isEmpty()) return nullptr;
  auto& request = batches_.front().request;
  if (state_ == State::Idle) {
    request.set_log_name(settings_.logName);
    attempts_ = 0;
  }
  request.set_lost(lost_);
  state_ = State::OnItsWay;
  ++attempts_;
  return &request;
}

void Batcher::written(uint32_t written) {
  lost_ -= batches_.front().request.lost();
  lose(size() - std::min(written, size()));
  finish();
}

bool Batcher::retryLater() {
  if (attempts_ >= settings_.maxAttempts) {
    giveUp();
    return false;
  }
  state_ = State::Waiting;
  ticksToWait_ = std::min(uint32_t{1} << std::min(attempts_ - 1, 31U), kLongestWait);
  return true;
}

void Batcher::giveUp() {
  lose(size());
  finish();
}

void Batcher::giveUpAll() {
  for (const auto& batch : batches_) lose(static_cast<uint64_t>(batch.request.entries_size()));
  batches_.clear();
  bytes_ = 0;
  state_ = State::Idle;
}

bool Batcher::waitIsOver() { return state_ == State::Waiting && --ticksToWait_ == 0; }

uint64_t Batcher::takeLost() { return std::exchange(lostUntaken_, 0); }

void Batcher::lose(uint64_t count) {
  lost_ += count;
  lostUntaken_ += count;
}

void Batcher::finish() {
  bytes_ -= batches_.front().bytes;
  batches_.pop_front();
  state_ = State::Idle;
}
