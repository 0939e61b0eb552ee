// What is to be sent, in bounded memory: entries in batches, of which one is sent at a time, as often as it takes, but
// not for ever.
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

  /// Takes an entry, or counts it as lost where the memory for entries is used up.
  void add(Entry entry);

  /// Whether no batch is being sent, or waits to be sent again.
  bool isIdle() const { return state_ == State::Idle; }
  /// Whether there are no entries.
  bool isEmpty() const { return batches_.empty(); }
  /// Whether there is a batch that need not wait for more entries.
  bool isFull() const { return isIdle() && !isEmpty() && batches_.front().bytes >= settings_.flushBytes; }

  /// The batch to send now: the oldest, or, of one that waits for its next attempt, the same again. Null while one is
  /// on its way, and where there is none. Its fate is then told by one of the next three.
  const WriteRequest* next();
  /// The collector has written the first `written` of the entries; the others are lost.
  void written(uint32_t written);
  /// The attempt failed, and there will be another. False when it was the last: the entries are lost.
  bool retryLater();
  /// The batch is not to be sent again: its entries are lost.
  void giveUp();
  /// All entries are lost.
  void giveUpAll();

  /// A tick has passed: whether a batch has waited long enough. It waits one tick at first, then twice as many each
  /// time, up to kLongestWait.
  bool waitIsOver();

  /// How many entries there are in the batch that is being sent, and how often it was sent.
  uint32_t size() const { return isIdle() ? 0 : static_cast<uint32_t>(batches_.front().request.entries_size()); }
  uint32_t attempts() const { return attempts_; }
  /// How many entries have been lost since the last call.
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
  std::deque<Batch> batches_;  // the first is the one that is being sent, where one is
  size_t bytes_ = 0;           // of all of them, in memory
  uint64_t lost_ = 0;          // of which the collector does not know
  uint64_t lostUntaken_ = 0;   // see takeLost()
  State state_ = State::Idle;
  uint32_t attempts_ = 0;
  uint32_t ticksToWait_ = 0;
};
