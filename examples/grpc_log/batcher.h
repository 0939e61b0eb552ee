// Keeps the entries to send, in limited memory. Entries are in batches; one batch is sent at a time, repeatedly if
// needed, up to a limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "access_log.pb.h"
#include "grpc_log/settings.h"

class Batcher {
 public:
  using Entry = sluice::accesslog::v1::Entry;
  using WriteRequest = sluice::accesslog::v1::WriteRequest;

  explicit Batcher(const Settings& settings) : settings_(settings) {}

  /// Takes an entry, or counts it as lost if the memory for entries is used up.
  void add(Entry entry);

  /// Whether no batch is being sent or waits to be sent again.
  bool isIdle() const { return state_ == State::Idle; }
  /// Whether there are no entries.
  bool isEmpty() const { return batches_.empty(); }
  /// Whether there is a batch that is large enough to be sent now.
  bool isFull() const { return isIdle() && !isEmpty() && batches_.front().bytes >= settings_.flushBytes; }

  /// The batch to send now: the one that waits for its next attempt, otherwise the oldest. Null while a batch is being
  /// sent, or if there is none. Then call one of the next three functions with the result.
  const WriteRequest* next();
  /// The collector has written the first `written` entries of the batch; the others are lost.
  void written(uint32_t written);
  /// The attempt has failed. Returns true if there will be another attempt; false if it was the last one, and then the
  /// entries are lost.
  bool retryLater();
  /// Drops the batch: its entries are lost.
  void giveUp();
  /// Drops all batches: their entries are lost.
  void giveUpAll();

  /// Call it on each tick: returns whether a batch has waited long enough. It waits one tick after the first failure,
  /// then twice as many each time, up to kLongestWait.
  bool waitIsOver();

  /// The number of entries in the batch that is being sent, and the number of its attempts.
  uint32_t size() const { return isIdle() ? 0 : static_cast<uint32_t>(batches_.front().request.entries_size()); }
  uint32_t attempts() const { return attempts_; }
  /// The number of entries that were lost since the last call.
  uint64_t takeLost();

  static constexpr uint32_t kLongestWait = 32;

 private:
  enum class State : uint8_t { Idle, OnItsWay, Waiting };
  struct Batch {
    WriteRequest request;
    size_t bytes = 0;
  };

  Batch& batchToFill();
  void lose(uint64_t count);
  void finish();

  const Settings& settings_;
  std::deque<Batch> batches_;  // if a batch is being sent, it is the first
  size_t bytes_ = 0;           // memory of all batches
  uint64_t lost_ = 0;          // not yet reported to the collector
  uint64_t lostUntaken_ = 0;   // see takeLost()
  State state_ = State::Idle;
  uint32_t attempts_ = 0;
  uint32_t ticksToWait_ = 0;
};
