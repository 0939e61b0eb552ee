#include "jobs.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstdio>

namespace sluice::bench {

namespace {

using host::Exchange;
using host::Headers;
using host::headerValue;

constexpr const char* kKey = "a key of thirty-two bytes, or so";
constexpr const char* kTimestamp = "1700000000";
constexpr size_t kBodySize = 8192;

std::string hmacHex(const std::string& key, const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest, &size);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    char byte[3];
    std::snprintf(byte, sizeof byte, "%02x", digest[i]);
    hex += byte;
  }
  return hex;
}

std::string lowerCaseBody() {
  std::string body(kBodySize, ' ');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 26);
  return body;
}

std::string checkAddHeader(const Exchange& exchange) {
  return headerValue(exchange.response.headers, "hello") == "tomorrow" ? "" : "the response has no `hello: tomorrow`";
}

std::string checkHmac(const Exchange& exchange) {
  return exchange.localResponse ? "a correctly signed request was refused" : "";
}

std::string checkHeaderTransform(const Exchange& exchange) {
  const auto& headers = exchange.request.headers;
  if (headerValue(headers, "x-remove-me")) return "x-remove-me is still there";
  if (headerValue(headers, "x-count") != "18") return "x-count is not 18";
  const auto count = [&](std::string_view prefix) {
    return std::count_if(headers.begin(), headers.end(), [&](const auto& h) { return h.first.starts_with(prefix); });
  };
  if (count("x-old-") != 0 || count("x-new-") != 4) return "the prefix x-old- was not renamed to x-new-";
  if (headerValue(headers, "x-new-b") != "value of b") return "a renamed header lost its value";
  return "";
}

std::string checkBodyUpper(const Exchange& exchange) {
  auto upper = lowerCaseBody();
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  if (exchange.response.body() != upper) return "the body is not in upper case";
  if (headerValue(exchange.response.headers, "content-length")) return "content-length is still there";
  return "";
}

// 18 headers, as a browser behind a load balancer sends them, including the headers that the job changes.
Headers eighteenHeaders() {
  return {{":method", "GET"},
          {":path", "/catalogue/books?page=2"},
          {":authority", "shop.example.com"},
          {":scheme", "https"},
          {"accept", "text/html,application/xhtml+xml"},
          {"accept-encoding", "gzip, br"},
          {"accept-language", "en-GB,en;q=0.8"},
          {"user-agent", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0"},
          {"cookie", "session=0123456789abcdef; theme=dark"},
          {"x-forwarded-for", "203.0.113.7"},
          {"x-forwarded-proto", "https"},
          {"x-request-id", "7b1f4f6e-0e65-4b3e-9b60-0c2f3a3f4c55"},
          {"x-old-a", "value of a"},
          {"x-old-b", "value of b"},
          {"x-old-c", "value of c"},
          {"x-old-d", "value of d"},
          {"x-remove-me", "please"},
          {"referer", "https://shop.example.com/"}};
}

}  // namespace

std::vector<Job> jobs() {
  host::Message transform;
  transform.headers = eighteenHeaders();
  const auto signature = hmacHex(kKey, std::string("GET\n/orders/17\n") + kTimestamp);
  return {
      {"add_header",
       "bench_add_header.wasm",
       {3072, 150, 4},
       "hello: tomorrow",
       host::get("/"),
       host::ok("hi"),
       checkAddHeader},
      // The limits are the figures of the SDK for which the filter was written.
      {"old_style_add_header",
       "bench_old_style_add_header.wasm",
       {12'288, 1'386, 7},
       "hello: tomorrow",
       host::get("/"),
       host::ok("hi"),
       checkAddHeader},
      {"hmac",
       "bench_hmac.wasm",
       {6144, 14000, 11},
       kKey,
       host::get("/orders/17", {{"x-timestamp", kTimestamp}, {"x-signature", signature}}),
       host::ok(),
       checkHmac},
      {"header_transform",
       "bench_header_transform.wasm",
       {6144, 6000, 6},
       "",
       transform,
       host::ok(),
       checkHeaderTransform},
      {"body_upper",
       "bench_body_upper.wasm",
       {3072, 30000, 8},
       "",
       host::get("/"),
       host::ok(lowerCaseBody()),
       checkBodyUpper},
  };
}

Job twoCallouts() {
  const auto check = [](const Exchange& exchange) -> std::string {
    return headerValue(exchange.request.headers, "x-answer") == "yes" ? "" : "the request has no `x-answer: yes`";
  };
  return {
      "two_callouts", "bench_two_callouts_coroutine.wasm", {6144, 0, 0}, "", host::get("/"), host::ok(), check, 1000};
}

host::CalloutReply answerCallout(const host::Callout&) {
  return host::CalloutReply::of(host::ok("", {{"x-answer", "yes"}}));
}

}  // namespace sluice::bench
