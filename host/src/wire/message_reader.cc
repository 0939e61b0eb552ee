#include "wire/message_reader.h"

#include <algorithm>
#include <utility>

#include "abi/number.h"
#include "sluice/host/text.h"
#include "wire/message_check.h"

namespace sluice::host {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kVersion = "HTTP/1.1";

bool isBlank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
  return text;
}

/// Takes a line with its end from the beginning of `text`.
std::string_view takeLine(std::string_view& text) {
  const size_t end = text.find(kLineEnd);
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + kLineEnd.size());
  return line;
}

bool isTarget(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f;
  });
}

}  // namespace

void MessageReader::read(std::string_view bytes) {
  std::string joined;
  std::string_view rest = bytes;
  if (!pending_.empty()) {
    joined = std::exchange(pending_, {});
    joined += bytes;
    rest = joined;
  }
  while (!rest.empty() && readPart(rest)) {
  }
  pending_ = rest;
}

bool MessageReader::readPart(std::string_view& rest) {
  switch (state_) {
    case State::Head:
      return readHead(rest);
    case State::Body: {
      const std::string_view piece = rest.substr(0, left_);
      message_.chunks.emplace_back(piece);
      rest.remove_prefix(piece.size());
      left_ -= piece.size();
      if (left_ == 0) finish();
      return true;
    }
    case State::BodyUntilClose:
      message_.chunks.emplace_back(std::exchange(rest, {}));
      return true;
    case State::ChunkSize:
      if (rest.find(kLineEnd) == std::string_view::npos) return false;
      return readChunkSize(takeLine(rest));
    case State::Chunk:
      if (rest.size() < left_) return false;
      message_.chunks.emplace_back(rest.substr(0, left_));
      rest.remove_prefix(left_);
      state_ = State::ChunkEnd;
      return true;
    case State::ChunkEnd:
      if (rest.size() < kLineEnd.size()) return false;
      if (!takeLine(rest).empty()) return refuse("a chunk is longer than it says");
      state_ = State::ChunkSize;
      return true;
    case State::Trailers:
      return readTrailers(rest);
    case State::Complete:  // What follows is not of this message.
    case State::Refused:
      rest = {};
      return true;
  }
  return false;
}

bool MessageReader::readHead(std::string_view& rest) {
  // A client that waits for a final response knows at once that these bytes do not begin one.
  if (afterInterim_ && !rest.starts_with(kVersion.substr(0, rest.size()))) return refuse("no HTTP version");
  const size_t end = rest.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  std::string_view head = rest.substr(0, end + kLineEnd.size());
  rest.remove_prefix(end + 2 * kLineEnd.size());
  message_.headers = pseudoHeaders_;
  if (!readStartLine(takeLine(head)) || !readFields(head, message_.headers)) return true;
  beginBody();
  return true;
}

bool MessageReader::readStartLine(std::string_view line) {
  if (direction_ == Direction::Response) return readStatusLine(line);
  const size_t method = line.find(' ');
  if (!isToken(line.substr(0, method))) return refuse("the method is not a token");
  line.remove_prefix(method + 1);
  const size_t target = line.find(' ');
  if (!isTarget(line.substr(0, target))) return refuse("the path has a character that a path cannot have");
  if (target == std::string_view::npos || line.substr(target + 1) != kVersion) return refuse("the path has a space");
  return true;
}

bool MessageReader::readStatusLine(std::string_view line) {
  if (!line.starts_with(kVersion) || line.size() <= kVersion.size()) return refuse("no HTTP version");
  line.remove_prefix(kVersion.size() + 1);
  const std::string_view status = line.substr(0, line.find(' '));
  const bool isNumber = std::all_of(status.begin(), status.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (status.size() != 3 || !isNumber) return refuse("the status has not three digits");
  message_.headers = {{":status", std::string(status)}};
  afterInterim_ = status.front() == '1' && !tunnel_;
  return true;
}

bool MessageReader::readFields(std::string_view text, Headers& into) {
  while (!text.empty()) {
    if (!readField(takeLine(text), into)) return false;
  }
  return true;
}

bool MessageReader::readField(std::string_view line, Headers& into) {
  if (line.empty()) return refuse("an empty line between headers");
  if (isBlank(line.front()) && !into.empty()) {  // A folded line goes on with the value of the one before.
    into.back().second += ' ';
    into.back().second += trimmed(line);
    return true;
  }
  const size_t colon = line.find(':');
  const std::string_view raw = line.substr(0, colon);
  if (colon == std::string_view::npos || !isToken(raw)) return refuse("a header's name is not a token: " + quote(raw));
  const std::string name = lowerCase(raw);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!isFieldValue(value)) return refuse("the value of " + name + " has a control character");
  if (&into == &message_.headers) {
    if (name == "content-length" && !noteLength(value)) return false;
    if (name == "transfer-encoding" && !noteTransferEncoding(value)) return false;
    if (direction_ == Direction::Request && name == "host") return true;  // It is the :authority.
  }
  into.emplace_back(name, value);
  return true;
}

bool MessageReader::noteLength(std::string_view value) {
  if (chunked_) return refuse("content-length beside transfer-encoding");
  // Several lengths may stand in one value if they are the same.
  do {
    const size_t comma = value.find(',');
    const std::string_view text = trimmed(value.substr(0, comma));
    const auto length = wholeNumber<uint64_t>(text);
    if (!length) return refuse("content-length is not a number");
    if (length_ && length_ != length) return refuse("two different values of content-length");
    length_ = length;
    value = comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
  } while (!value.empty());
  return true;
}

bool MessageReader::noteTransferEncoding(std::string_view value) {
  if (length_) return refuse("transfer-encoding beside content-length");
  if (chunked_) return refuse("two values of transfer-encoding");
  const size_t comma = value.rfind(',');
  chunked_ = lowerCase(trimmed(comma == std::string_view::npos ? value : value.substr(comma + 1))) == "chunked";
  return true;
}

void MessageReader::beginBody() {
  if (afterInterim_) {  // The final response follows.
    message_.headers.clear();
    length_.reset();
    chunked_ = false;
    return;
  }
  message_.started = true;
  const int status = direction_ == Direction::Response ? message_.status() : 0;
  if (tunnel_) {
    state_ = State::BodyUntilClose;
    return;
  }
  if (noBody_ || status == 204 || status == 304) return finish();
  if (chunked_) {
    message_.chunked = true;
    state_ = State::ChunkSize;
  } else if (length_) {
    left_ = *length_;
    state_ = State::Body;
    if (left_ == 0) finish();
  } else if (direction_ == Direction::Response) {
    state_ = State::BodyUntilClose;
  } else {
    finish();
  }
}

bool MessageReader::readChunkSize(std::string_view line) {
  const auto size = wholeNumber<uint64_t>(line, 16);
  if (!size) return refuse("a chunk does not begin with its size");
  left_ = *size;
  state_ = left_ == 0 ? State::Trailers : State::Chunk;
  return true;
}

bool MessageReader::readTrailers(std::string_view& rest) {
  if (rest.starts_with(kLineEnd)) {
    rest.remove_prefix(kLineEnd.size());
  } else {
    const size_t end = rest.find("\r\n\r\n");
    if (end == std::string_view::npos) return false;
    const std::string_view fields = rest.substr(0, end + kLineEnd.size());
    rest.remove_prefix(end + 2 * kLineEnd.size());
    if (!readFields(fields, message_.trailers)) return true;
  }
  finish();
  return true;
}

void MessageReader::end() {
  if (state_ == State::BodyUntilClose) finish();
}

void MessageReader::finish() {
  state_ = State::Complete;
  message_.complete = true;
}

bool MessageReader::refuse(std::string reason) {
  state_ = State::Refused;
  refusal_ = std::move(reason);
  if (!message_.started) message_.headers.clear();
  message_.trailers.clear();
  return false;
}

}  // namespace sluice::host
