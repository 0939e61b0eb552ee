#include "wire/http1_codec.h"

#include <algorithm>
#include <charconv>

#include "abi/number.h"
#include "sluice/host/text.h"
#include "wire/message_check.h"

namespace sluice::host {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

void addField(std::string* text, std::string_view name, std::string_view value) {
  *text += name;
  *text += ": ";
  *text += value;
  *text += kLineEnd;
}

void addFields(std::string* text, const HeaderMap& fields) {
  for (const auto& [name, value] : fields.entries()) {
    if (name == ":authority") {
      addField(text, "host", value);
    } else if (!name.starts_with(':')) {
      addField(text, name, value);
    }
  }
}

// The pseudo-headers that say what the request line says.
Headers pseudoHeaders(const HeaderMap& headers) {
  Headers pseudo;
  for (const auto& entry : headers.entries()) {
    for (const std::string_view known : {":authority", ":path", ":method", ":scheme", ":protocol"}) {
      if (entry.first == known) pseudo.push_back(entry);
    }
  }
  return pseudo;
}

std::string bytes(uint64_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

}  // namespace

void Http1Codec::writeRequest(const HeaderMap& headers, bool end) {
  reader_.setPseudoHeaders(pseudoHeaders(headers));
  const std::string_view method = headers.get(":method").value_or("");
  const auto target = headers.get(method == "CONNECT" ? ":authority" : ":path").value_or("");
  std::string head = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
  addFields(&head, headers);
  const auto length = headers.get("content-length");
  if (!length && !end) addField(&head, "transfer-encoding", "chunked");
  if (!length && end && !isBodiless(method)) addField(&head, "content-length", "0");
  chunked_ = !length && !end;
  writeHead(std::move(head), headers);
  if (end) writeEnd();
}

void Http1Codec::writeResponse(const HeaderMap& headers, bool end, bool toHead) {
  if (toHead) reader_.expectNoBody();
  const uint64_t status = statusNumber(headers).value_or(0);
  std::string head = "HTTP/1.1 " + std::to_string(status) + " Status\r\n";
  addFields(&head, headers);
  const bool hasLength = headers.get("content-length").has_value();
  const bool mayBeChunked = !hasLength && status >= 200 && status != 204 && status != 304;
  if (mayBeChunked && end && !toHead) {
    addField(&head, "content-length", "0");
  } else if (mayBeChunked) {
    addField(&head, "transfer-encoding", "chunked");
    chunked_ = !end && !toHead;
  }
  if (toHead) bodiless_ = "a response to HEAD";
  if (status == 204) bodiless_ = "a response with status 204";
  if (status == 304) bodiless_ = "a response with status 304";
  if (status > 999 || status < 100) {
    note("the status " + std::to_string(status) + " has not three digits");
  } else if (status < 200) {
    note("the status " + std::to_string(status) + " is for interim responses: the client still waits for a final one");
  }
  writeHead(std::move(head), headers);
  if (end) writeEnd();
}

void Http1Codec::writeTunnelResponse(const HeaderMap& headers) {
  reader_.expectTunnel();
  std::string head = "HTTP/1.1 " + std::to_string(statusNumber(headers).value_or(0)) + " Status\r\n";
  addFields(&head, headers);
  writeHead(std::move(head), headers);
}

void Http1Codec::writeHead(std::string head, const HeaderMap& headers) {
  length_ = headers.get("content-length").value_or("");
  noteFields(headers);
  if (direction_ == Direction::Request && headers.get("transfer-encoding")) {
    note(length_.empty()
             ? "the proxy says transfer-encoding itself where the body is sent in chunks, so a filter must not"
             : "transfer-encoding stands beside content-length: " + std::string(reader()) +
                   " may take either, and must refuse the request or close");
  }
  head += kLineEnd;
  write(head);
}

void Http1Codec::writeData(std::string_view data, bool end) {
  if (!data.empty()) {
    bodySize_ += data.size();
    if (chunked_) {
      char size[16];
      const auto written = std::to_chars(size, size + sizeof(size), data.size(), 16);
      std::string chunk(size, written.ptr);
      chunk.append(kLineEnd).append(data).append(kLineEnd);
      write(chunk);
    } else {
      write(data);
    }
  }
  if (end) writeEnd();
}

void Http1Codec::writeTrailers(const HeaderMap& trailers) {
  ended_ = true;
  noteFields(trailers);
  if (!chunked_) {
    if (trailers.size() > 0) {
      note("the trailers are not sent: " + std::string(message()) +
           (length_.empty() ? " has no body in chunks" : " has a content-length"));
    }
    return noteLength();
  }
  std::string text = "0\r\n";
  for (const auto& [name, value] : trailers.entries()) addField(&text, name, value);
  write(text.append(kLineEnd));
}

void Http1Codec::writeEnd() {
  ended_ = true;
  if (chunked_) write("0\r\n\r\n");
  reader_.end();
  noteLength();
}

void Http1Codec::write(std::string_view bytes) {
  if (refused()) return;
  reader_.read(bytes);
  if (refused()) note(std::string(reader()) + " refuses " + std::string(message()) + ": " + *reader_.refusal());
}

void Http1Codec::noteFields(const HeaderMap& fields) {
  for (const auto& [name, value] : fields.entries()) {
    if (name.find(kLineEnd) != std::string::npos || value.find(kLineEnd) != std::string::npos) {
      note("the header " + quote(name) + " has a line break: what follows is a header of its own for " +
           std::string(reader()));
    }
  }
}

void Http1Codec::noteLength() {
  if (refused()) return;
  if (!bodiless_.empty()) {
    if (bodySize_ > 0) {
      note(std::string(bodiless_) + " has no body, but the filter sent one of " + bytes(bodySize_) +
           ": on a connection that is kept, they break the next exchange");
    }
    return;
  }
  const auto length = wholeNumber<uint64_t>(length_);
  if (!length || length == bodySize_) return;
  const std::string body = "the body of " + std::string(message()) + " has " + bytes(bodySize_) +
                           ", but its content-length is " + length_ + ": ";
  if (bodySize_ > *length) {
    note(body + std::string(reader()) + " reads the first " + bytes(*length) +
         ", and the rest breaks the next exchange on the connection");
  } else if (ended_) {
    note(body + std::string(reader()) + " waits for the rest");
  }
}

void Http1Codec::close() {
  if (!ended_) noteLength();
}

void Http1Codec::note(std::string problem) {
  if (std::find(message_.problems.begin(), message_.problems.end(), problem) == message_.problems.end()) {
    message_.problems.push_back(std::move(problem));
  }
}

}  // namespace sluice::host
