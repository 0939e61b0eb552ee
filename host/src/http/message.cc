#include "sluice/host/message.h"

#include "abi/number.h"
#include "sluice/host/text.h"

namespace sluice::host {

std::optional<std::string> headerValue(const Headers& headers, std::string_view name) {
  auto values = headerValues(headers, name);
  if (values.empty()) return std::nullopt;
  return values.front();
}

std::vector<std::string> headerValues(const Headers& headers, std::string_view name) {
  std::vector<std::string> values;
  const std::string wanted = lowerCase(name);
  for (const auto& [entry, value] : headers) {
    if (lowerCase(entry) == wanted) values.push_back(value);
  }
  return values;
}

std::string Message::body() const {
  std::string whole;
  for (const auto& chunk : chunks) whole += chunk;
  return whole;
}

std::string Message::header(std::string_view name) const { return headerValue(headers, name).value_or(""); }

int Message::status() const { return wholeNumber<int>(header(":status")).value_or(0); }

namespace {

Message request(std::string_view method, std::string_view path, Headers headers) {
  Message message;
  message.headers = {{":authority", "example.com"},
                     {":path", std::string(path)},
                     {":method", std::string(method)},
                     {":scheme", "http"}};
  for (auto& header : headers) message.headers.push_back(std::move(header));
  return message;
}

void setBody(Message* message, std::string_view body) {
  if (body.empty()) return;
  message->chunks = {std::string(body)};
  if (!headerValue(message->headers, "content-length")) {
    message->headers.emplace_back("content-length", std::to_string(body.size()));
  }
}

}  // namespace

Message get(std::string_view path, Headers headers) { return request("GET", path, std::move(headers)); }

Message post(std::string_view path, std::string_view body, Headers headers) {
  Message message = request("POST", path, std::move(headers));
  setBody(&message, body);
  return message;
}

Message respond(int status, std::string_view body, Headers headers) {
  Message message;
  message.headers = {{":status", std::to_string(status)}};
  for (auto& header : headers) message.headers.push_back(std::move(header));
  setBody(&message, body);
  return message;
}

Message ok(std::string_view body, Headers headers) { return respond(200, body, std::move(headers)); }

}  // namespace sluice::host
