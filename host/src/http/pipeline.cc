#include "http/pipeline.h"

#include <algorithm>
#include <utility>

namespace sluice::host {

Pipeline::Pipeline(Direction direction, std::vector<HttpFilter*> filters, uint64_t bufferLimit, PipelineEnd& end)
    : direction_(direction), bufferLimit_(bufferLimit), end_(end) {
  for (HttpFilter* filter : filters) slots_.push_back({filter});
}

void Pipeline::sendHeaders(std::unique_ptr<HeaderMap> headers, bool end) {
  headers_ = std::move(headers);
  complete_ = end;
  headersFrom(0, end);
}

void Pipeline::send(Piece piece) {
  if (!waiting_.empty() || sendingWaits()) {
    waiting_.push_back(std::move(piece));
  } else {
    deliver(std::move(piece));
  }
}

void Pipeline::sendWhatWaits() {
  while (!waiting_.empty() && !sendingWaits() && !aborted_) {
    Piece next = std::move(waiting_.front());
    waiting_.pop_front();
    deliver(std::move(next));
  }
}

void Pipeline::deliver(Piece piece) {
  complete_ = complete_ || piece.end;
  if (piece.trailers == nullptr) {
    dataFrom(0, piece.data, piece.end);
  } else {
    trailers_ = std::move(piece.trailers);
    trailersFrom(0);
  }
}

HeaderMap* Pipeline::addTrailers(bool joinKnown) {
  if (!lastData_ || trailers_ != nullptr) return nullptr;
  const MapKind kind = direction_ == Direction::Request ? MapKind::RequestTrailers : MapKind::ResponseTrailers;
  trailers_ = std::make_unique<HeaderMap>(kind, joinKnown);
  return trailers_.get();
}

bool Pipeline::paused() const {
  return !aborted_ &&
         std::any_of(slots_.begin(), slots_.end(), [](const Slot& s) { return s.state != State::Continue; });
}

bool Pipeline::isHeldBy(const HttpFilter& filter) const {
  return !aborted_ && std::any_of(slots_.begin(), slots_.end(), [&](const Slot& slot) {
    return slot.filter == &filter && slot.state != State::Continue;
  });
}

void Pipeline::headersFrom(size_t position, bool end) {
  if (aborted_ || headers_ == nullptr) return;
  for (size_t i = position; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    slot.ended = end;
    slot.headersSeen = true;
    HeadersStatus status = slot.filter->onHeaders(direction_, *headers_, end);
    if (aborted_) return;
    switch (status) {
      case HeadersStatus::Continue:
        slot.headersContinued = true;
        if (stoppedAll(slot)) return;  // It has seen these headers before, and still holds them back.
        continue;
      case HeadersStatus::StopIteration:
        slot.state = State::StopSingle;
        return;
      case HeadersStatus::StopAllAndBuffer:
        slot.state = State::StopAllBuffer;
        return;
      case HeadersStatus::StopAllAndWatermark:
        slot.state = State::StopAllWatermark;
        return;
    }
  }
  end_.onHeaders(*headers_, end);
}

void Pipeline::dataFrom(size_t position, std::string& data, bool end) {
  if (aborted_ || dropped_) return;
  const bool hadTrailers = trailers_ != nullptr;
  bool stopped = false;
  size_t trailersAdded = slots_.size();
  for (size_t i = position; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (stoppedAll(slot)) {
      streaming_ = slot.state == State::StopAllWatermark;
      buffer(data);
      return;
    }
    if (slot.ended) return;  // This filter and the later ones have already seen the end.
    slot.ended = end && trailers_ == nullptr;
    lastData_ = end;
    DataStatus status = slot.filter->onData(direction_, data, slot.ended);
    lastData_ = false;
    if (aborted_) return;
    if (!hadTrailers && trailers_ != nullptr && trailersAdded == slots_.size()) trailersAdded = i;
    if (!continueAfterData(i, status, data)) {
      // In a request, trailers that a filter has added go on, even if the filter holds the data back.
      if (direction_ == Direction::Response || trailersAdded == slots_.size()) return;
      stopped = true;
      break;
    }
  }
  const bool addedTrailers = trailersAdded != slots_.size();
  if (!stopped) {
    std::string passed = std::exchange(data, {});
    end_.onData(std::move(passed), end && !addedTrailers);
  }
  if (addedTrailers) trailersFrom(slots_[trailersAdded].fromCurrent ? trailersAdded : trailersAdded + 1);
}

bool Pipeline::continueAfterData(size_t position, DataStatus status, std::string& data) {
  Slot& slot = slots_[position];
  switch (status) {
    case DataStatus::Continue:
      if (slot.state != State::StopSingle) return true;
      buffer(data);
      resume(position);
      return false;
    case DataStatus::StopAndBuffer:
    case DataStatus::StopAndWatermark:
      slot.state = State::StopSingle;
      streaming_ = status == DataStatus::StopAndWatermark;
      buffer(data);
      return false;
    case DataStatus::StopNoBuffer:
      slot.state = State::StopSingle;
      // When nothing of the body is left to pass on, resuming must still pass on the end of the message.
      if (complete_ && trailers_ == nullptr && buffered_ == nullptr) buffered_ = std::make_unique<std::string>();
      return false;
  }
  return false;
}

void Pipeline::trailersFrom(size_t position) {
  if (aborted_ || dropped_ || trailers_ == nullptr) return;
  for (size_t i = position; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (stoppedAll(slot)) return;
    TrailersStatus status = slot.filter->onTrailers(direction_, *trailers_);
    slot.ended = true;
    if (aborted_) return;
    if (!continueAfterTrailers(i, status)) return;
  }
  end_.onTrailers(*trailers_);
}

void Pipeline::metadataFrom(size_t position, const Headers& metadata) {
  if (aborted_) return;
  for (size_t i = position; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (!slot.headersSeen || stoppedAll(slot)) {
      slot.metadata.push_back(metadata);
      return;
    }
    slot.filter->onMetadata(direction_, metadata);
    if (aborted_) return;
  }
  end_.onMetadata(metadata);
}

bool Pipeline::continueAfterTrailers(size_t position, TrailersStatus status) {
  Slot& slot = slots_[position];
  if (status == TrailersStatus::StopIteration) {
    if (slot.state == State::Continue) slot.state = State::StopSingle;
    return false;
  }
  if (slot.state != State::StopSingle) return true;
  resume(position);
  return false;
}

void Pipeline::resume(const HttpFilter& filter) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].filter == &filter) return resume(i);
  }
}

void Pipeline::resume(size_t position) {
  if (aborted_ || dropped_) return;
  Slot& slot = slots_[position];
  if (stoppedAll(slot)) slot.fromCurrent = true;
  slot.state = State::Continue;
  if (!slot.headersContinued) {
    slot.headersContinued = true;
    headersFrom(position + 1, complete_ && buffered_ == nullptr && trailers_ == nullptr);
  }
  // Passes on the metadata that waited for this filter, or for a later one that has just seen the headers.
  for (size_t i = position; i < slots_.size() && slots_[i].headersSeen && !stoppedAll(slots_[i]); ++i) {
    for (const Headers& metadata : std::exchange(slots_[i].metadata, {})) metadataFrom(i, metadata);
  }
  const size_t next = slot.fromCurrent ? position : position + 1;
  const bool hadTrailers = trailers_ != nullptr;
  if (buffered_ != nullptr) dataFrom(next, *buffered_, complete_ && !hadTrailers);
  if (hadTrailers) trailersFrom(next);
  slot.fromCurrent = false;
  sendWhatWaits();
}

void Pipeline::buffer(std::string& data) {
  if (buffered_.get() == &data) return;
  if (buffered_ == nullptr) {
    buffered_ = std::make_unique<std::string>(std::exchange(data, {}));
  } else {
    buffered_->append(data);
    data.clear();
  }
  if (!streaming_ && bufferLimit_ != 0 && buffered_->size() > bufferLimit_) end_.onTooLarge();
}

}  // namespace sluice::host
